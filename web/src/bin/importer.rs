//! The importer, which reads files of other frameworks for the page.

fn main() {
    convscope_web::importer::serve();
}
