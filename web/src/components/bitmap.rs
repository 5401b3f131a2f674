//! Images of files on the canvases of components.

use std::rc::Rc;

use convscope_page::ImageFile;
use web_sys::{HtmlCanvasElement, ImageBitmap};
use yew::prelude::*;

use crate::canvas::{self, Undrawable};

/// Draws an image's file, of so many pixels, once the browser has decoded it, with `how` it is drawn; unless something newer is to be
/// drawn there meanwhile.
#[hook]
pub(super) fn use_bitmap<H: Clone + PartialEq + 'static>(
    node: NodeRef,
    photo: Option<Rc<ImageFile>>,
    size: (u32, u32),
    how: H,
    draw: fn(&HtmlCanvasElement, &ImageBitmap, H),
    failed: impl Fn() + 'static,
) {
    let newest = use_mut_ref(|| 0_u64);
    use_effect_with((photo, how), move |(photo, how)| {
        let Some(photo) = photo.clone() else { return };
        let mine = *newest.borrow() + 1;
        *newest.borrow_mut() = mine;
        let how = how.clone();
        wasm_bindgen_futures::spawn_local(async move {
            match canvas::decode_fitting(&photo.file, size).await {
                Ok(bitmap) => {
                    if *newest.borrow() == mine {
                        canvas::on(&node, |canvas| draw(canvas, &bitmap, how));
                    }
                    // Its pixels are the browser's, which would keep them until it happens to collect them.
                    bitmap.close();
                }
                Err(Undrawable) => failed(),
            }
        });
    });
}
