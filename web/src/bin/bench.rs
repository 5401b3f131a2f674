//! The engine as a module for benchmarks, beside TensorFlow.js and ONNX Runtime: see `benches/browser`.

use convscope::bench::{self, BenchTask};
use convscope::device::{self, Choice};
use convscope::model;
use convscope_web::fetch::FetchSource;
use wasm_bindgen::prelude::*;
use web_sys::RequestCache;

fn main() {
    console_error_panic_hook::set_once();
    convscope_web::constructors::run();
}

/// A model on a device, with an input.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Bench {
    bench: bench::Bench,
    device: String,
}

#[wasm_bindgen]
impl Bench {
    /// Loads the packed model `folder`, an address relative to the page's, onto `cpu` or `webgpu`.
    ///
    /// # Errors
    /// The engine's sentences.
    pub async fn open(base: String, folder: String, device: String, input: Vec<f32>) -> Result<Bench, JsError> {
        let choice = if device == "cpu" { Choice::Cpu } else { Choice::Gpu };
        let opened = device::open(choice).await?;
        let model = model::load(&FetchSource { base, folder, cache: RequestCache::NoCache }, &opened, |_| {}).await?;
        Ok(Self { bench: bench::Bench::new(model, input)?, device: opened.name })
    }

    /// Device it runs on, for people.
    #[wasm_bindgen(getter)]
    pub fn device(&self) -> String {
        self.device.clone()
    }

    /// Does a [`BenchTask`] and gives its result's numbers.
    ///
    /// # Errors
    /// The engine's sentences.
    pub async fn run(&self, task: String) -> Result<Vec<f32>, JsError> {
        Ok(self.bench.run(BenchTask::named(&task)?).await?)
    }

    /// Size of wasm's memory in bytes; it never shrinks, so this is its peak.
    pub fn memory() -> f64 {
        let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
        f64::from(buffer.byte_length())
    }
}
