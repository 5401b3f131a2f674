//! The worker that computes for the page on the CPU.

fn main() {
    convscope_web::constructors::run();
    convscope_web::worker::serve();
}
