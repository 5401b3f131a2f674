//! The page.

fn main() {
    // Unlike the worker, the page runs no constructors: it uses nothing that has any.
    console_error_panic_hook::set_once();
    yew::Renderer::<convscope_web::app::App>::new().render();
}
