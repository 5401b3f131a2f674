//! Gradient ascent to what makes filters fire: what rises, what repeats, what is dropped, and which colours come out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod colours;
#[path = "../common/mod.rs"]
mod common;
mod network;
mod objectives;
mod vgg16;

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;

use common::{model, tiny};
use convscope::artifact::{Artifact, Measure, Optimized, Panel};
use convscope::card::LayersAsked;
use convscope::error::Error;
use convscope::model::{Codec, Model};
use convscope::param::Value;
use convscope::request::{Layers, Request};
use convscope::run::{Collect, Heard, Listener, run};
use pollster::block_on;

const BOTH: [&str; 2] = ["keras_notebook", "lucid"];

/// The request for filters of a layer, after 20 steps.
fn ask(layer: &str, filters: &str, size: i64, convention: &str) -> Request {
    let values = [
        ("filters".to_owned(), Value::Text(filters.to_owned().into())),
        ("size".to_owned(), Value::Int(size)),
        ("steps".to_owned(), Value::Int(20)),
    ];
    Request {
        method: "filters".into(),
        layers: Layers::parse(layer),
        values: values.into(),
        convention: convention.into(),
        ..Request::default()
    }
}

/// The request with another parameter.
fn with(mut request: Request, id: &str, value: impl Into<Value>) -> Request {
    request.values.insert(id.into(), value.into());
    request
}

fn panel(artifact: Artifact) -> Panel {
    match artifact {
        Artifact::Panel(panel) => panel,
        other => panic!("no panel: {other:?}"),
    }
}

/// The objectives of a filter that is done.
fn measure(panel: &Panel) -> Optimized {
    match panel.measure {
        Measure::Optimized(optimized) => optimized,
        other => panic!("not done: {other:?}"),
    }
}

/// The filters in the order of the channels.
fn optimize(model: &Arc<Model>, request: &Request) -> Vec<Panel> {
    let kept = Collect::default();
    block_on(run(&**model, request, &kept)).unwrap();
    let mut actual: Vec<Panel> = kept.into_artifacts().into_iter().map(panel).collect();
    actual.sort_by_key(|panel| panel.channel);
    actual
}

#[test]
fn the_objective_of_live_filters_rises_in_every_layer() {
    let model = model(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let (mut live, mut rose) = (0, 0);
        for layer in ["a/linear", "a", "pool", "b", "sum", "c", "join", "small"] {
            let id = model.layers(&Layers::parse(layer), LayersAsked::One).unwrap()[0];
            let actual = optimize(&model, &ask(layer, "all", 16, convention));
            assert_eq!(actual.len(), model.network.graph().shape(id)[0]);
            // Less comes of the zeros around the image alone, which are nothing to climb for where the image is moved.
            for panel in actual.iter().filter(|panel| measure(panel).first > 0.02) {
                live += 1;
                rose += usize::from(measure(panel).last > measure(panel).first);
                assert_eq!(panel.values.len(), 3 * 16 * 16);
                assert!(panel.values.iter().all(|value| value.is_finite()));
            }
        }
        assert!(live > 15 && rose as f64 >= 0.95 * live as f64, "{convention:?}: {rose} of {live}");
    }
}

#[test]
fn a_filters_image_depends_on_the_seed_and_on_no_other_filter() {
    let model = model(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let all = ask("join", "all", 12, convention);
        let together = optimize(&model, &all);
        assert_eq!(together, optimize(&model, &all), "the same seed gives the same images");
        let one = together.iter().find(|panel| measure(panel).last > 0.0).unwrap();
        let near = |panel: &Panel| {
            let range = one.values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            panel.values.iter().zip(&one.values).all(|(one, other)| (one - other).abs() <= 1e-3 * range)
        };
        let alone = with(all, "filters", Value::Text(one.channel.unwrap().to_string().into()));
        assert!(near(&optimize(&model, &alone)[0]), "{convention}: other filters matter");
        assert!(!near(&optimize(&model, &with(alone, "seed", Value::Int(1)))[0]), "{convention}: the seed does not");
    }
}

/// Listener that hears so much, and keeps what is shown on the way.
struct Watch {
    left: Cell<usize>,
    growing: RefCell<Vec<Panel>>,
}

impl Listener for Watch {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        if let Heard::Artifact(Artifact::Panel(panel)) = heard {
            self.growing.borrow_mut().push(panel);
        }
        self.left.set(self.left.get() - 1);
        Box::pin(std::future::ready(self.left.get() > 0))
    }

    fn is_watched(&self) -> bool {
        true
    }
}

#[test]
fn what_does_not_fit_is_said() {
    let model = model(&tiny(Codec::F32, 1000));
    let refused = |request: &Request| block_on(run(&*model, request, &Collect::default())).unwrap_err().to_string();
    let valid = ask("b", "0", 16, "lucid");
    assert!(refused(&ask("b", "0,4", 16, "lucid")).contains("no channel 4; it has 0 to 3"));
    assert!(refused(&with(valid.clone(), "steps", Value::Int(0))).contains("steps is 0, but must be from 1"));
    assert!(refused(&with(valid.clone(), "size", Value::Int(4))).contains("from 8 to 1024"));
    let heads = refused(&ask("logits", "0", 16, "lucid"));
    assert!(heads.contains("logits does not take images of 16 x 16") && heads.contains("own is 8 x 8"), "{heads}");
    // At the model's own size classes have images too.
    let classes = optimize(&model, &ask("logits", "all", 8, "lucid"));
    assert!(classes.len() == 3 && classes.iter().all(|panel| measure(panel).last > measure(panel).first));
    assert_eq!(optimize(&model, &ask("b", "first64", 8, "lucid")).len(), 4);
    // Whoever is told may say stop.
    let watch = Watch { left: Cell::new(3), growing: RefCell::default() };
    assert!(matches!(block_on(run(&*model, &valid, &watch)), Err(Error::Cancelled)));
    assert_eq!(watch.left.get(), 0);
}

#[test]
fn the_images_can_be_watched() {
    let model = model(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let watch = Watch { left: Cell::new(1000), growing: RefCell::default() };
        block_on(run(&*model, &ask("join", "1", 8, convention), &watch)).unwrap();
        let mut shown = watch.growing.into_inner();
        let last = shown.pop().unwrap();
        assert!(matches!(last.measure, Measure::Optimized(_)));
        // 20 steps are shown in at most 16 images: at every second.
        let dead = shown.is_empty() && convention == "keras_notebook" && last.drawing.is_none();
        assert!(dead || shown.len() == 10, "{convention}: {}", shown.len());
        assert!(shown.windows(2).all(|pair| pair[0].values != pair[1].values));
    }
}
