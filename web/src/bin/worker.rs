//! The worker that computes for the page.

fn main() {
    convscope_web::constructors::run();
    convscope_web::worker::serve();
}
