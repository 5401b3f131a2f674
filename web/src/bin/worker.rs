//! The worker that computes for the page.

fn main() {
    convscope_web::worker::serve();
}
