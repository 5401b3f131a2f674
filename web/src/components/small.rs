//! Small images, decoded one after the other.

use std::cell::RefCell;
use std::rc::Rc;

use convscope_page::ImageFile;
use futures_channel::oneshot::{Receiver, channel};
use yew::prelude::*;

use crate::canvas;

/// Pixels across a small image.
const WIDTH: u32 = 96;

thread_local! {
    /// End of the decoding that was asked for last, after which the next may begin: a photograph of 12 megapixels is 48 MB while it is
    /// made small, and hundreds of them at once would be all of a machine's memory.
    static LAST: RefCell<Option<Receiver<()>>> = const { RefCell::new(None) };
}

/// Properties of [`Small`].
#[derive(Properties, PartialEq)]
pub struct SmallProps {
    /// The image.
    pub photo: Rc<ImageFile>,
}

/// An image, small, without a name.
#[component]
pub fn Small(props: &SmallProps) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(props.photo.clone(), move |photo| {
            let photo = photo.clone();
            wasm_bindgen_futures::spawn_local(async move { draw(&canvas, &photo).await });
        });
    }
    html! { <canvas ref={canvas} aria-hidden="true" /> }
}

/// Draws an image small, when its turn has come. Whether it can be drawn is said when it is chosen.
async fn draw(canvas: &NodeRef, photo: &ImageFile) {
    let (done, end) = channel::<()>();
    if let Some(before) = LAST.replace(Some(end)) {
        // It ends when the other one drops its end.
        let _ = before.await;
    }
    // It may have been removed meanwhile.
    if canvas.get().is_none() {
        return;
    }
    if let Ok(bitmap) = canvas::decode_small(&photo.file, WIDTH).await {
        canvas::on(canvas, |canvas| canvas::draw_image(canvas, &bitmap));
        bitmap.close();
    }
    drop(done);
}
