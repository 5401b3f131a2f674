//! The page at the sizes that it is made for.

use std::time::Duration;

use crate::{Browser, axe};

/// Widths and heights in CSS pixels: a large screen, a small one, a phone.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1024, 768), (390, 844)];
/// Widths below this are a phone's.
const PHONE: u32 = 600;
/// Time in which the page takes up its new size.
const REST: Duration = Duration::from_millis(400);

impl Browser {
    /// Looks at what is seen at each size: a screenshot `NAME-WIDTHxHEIGHT`, that the page is no wider than the window, and that axe-core finds
    /// nothing. What is seen lies behind that button on a phone, if there is one. The largest size is left.
    ///
    /// # Panics
    /// Where something is wrong with it.
    pub async fn at_all_sizes(&self, test: &str, name: &str, on_a_phone: Option<&str>) {
        for (width, height) in SIZES {
            self.resize(width, height).await;
            if let Some(button) = on_a_phone.filter(|_| width < PHONE) {
                self.click(button).await;
            }
            tokio::time::sleep(REST).await;
            self.screenshot(&format!("{name}-{width}x{height}")).await;
            let wide =
                self.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert_eq!(wide, 0, "{name}, {width}: the page is wider than the window");
            if let Some(script) = axe(test) {
                assert_eq!(self.violations(&script).await, Vec::<String>::new(), "{name}, {width}");
            }
        }
        let [(width, height), ..] = SIZES;
        self.resize(width, height).await;
    }
}
