//! The page.

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<convscope_web::app::App>::new().render();
}
