//! The worker that computes for the page on GPUs too.

fn main() {
    convscope_web::constructors::run();
    convscope_web::worker::serve();
}
