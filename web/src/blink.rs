//! The image alone, for as long as a key or a button is held: maps are hidden by an attribute of the document, at once and everywhere.

/// Attribute of the document while the image is seen alone.
const ALONE: &str = "data-alone";

/// Hides the maps, or shows them again.
pub fn alone(alone: bool) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.document_element()) {
        let _ = root.toggle_attribute_with_force(ALONE, alone);
    }
}
