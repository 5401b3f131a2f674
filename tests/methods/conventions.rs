//! Conventions against the libraries that they are of, run live by `tests/tools/make_conventions.py` on the same network and image.

use std::collections::BTreeMap;
use std::path::PathBuf;

use convscope::explain::{Cause, Convention, Field, InConvention, Size};
use convscope::image::Image;
use convscope::model::Codec;
use convscope::observation::Observation;
use convscope::render::MapStyle;
use convscope::request::{Layers, Request};
use convscope::run::{Collect, compare_conventions};
use pollster::block_on;
use serde::Deserialize;
use serde_json::json;

use super::common::{Memory, Noise, maps, pack};
use super::seen;

const WIDTH: u32 = 29;
const HEIGHT: u32 = 21;
const CLASS: usize = 2;

/// What a library made.
#[derive(Deserialize)]
struct Library {
    made_with: String,
    /// Its maps by method, row by row.
    maps: BTreeMap<String, Vec<Vec<f32>>>,
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/conventions")).join(name)
}

/// The script's network, and its image of 41 x 31 pixels in patches.
fn network() -> (Memory, Image) {
    let mut noise = Noise(20);
    let mut parameter =
        |name: &str, shape: &[usize]| (name.to_owned(), shape.to_vec(), noise.many(shape.iter().product()));
    let mut parameters = vec![
        parameter("a.w", &[5, 3, 3, 3]),
        parameter("a.b", &[5]),
        parameter("b.w", &[6, 5, 3, 3]),
        parameter("b.b", &[6]),
        parameter("c.w", &[288, 4]),
        parameter("c.b", &[4]),
    ];
    parameters[4].2.iter_mut().for_each(|weight| *weight /= 16.0);
    let padding = json!({ "top": 1, "left": 1, "bottom": 1, "right": 1 });
    let nodes = json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a.w", "bias": "a.b", "stride": [2, 2],
          "padding": padding },
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        { "name": "b/linear", "op": "conv2d", "inputs": ["a"], "weight": "b.w", "bias": "b.b", "stride": [2, 2],
          "padding": padding },
        { "name": "b", "op": "relu", "inputs": ["b/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["b"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "c.w", "bias": "c.b" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let patches: Vec<u8> =
        noise.many(72).iter().map(|value| ((value + 1.0) / 2.0 * 235.0).floor() as u8 + 10).collect();
    let pixel = |index: usize| {
        let patch = 3 * (index / 41 / 8 * 6 + index % 41 / 8);
        patches[patch..patch + 3].to_vec()
    };
    let image = Image::from_rgb(41, 31, (0..41 * 31).flat_map(pixel).collect()).unwrap();
    (pack([WIDTH, HEIGHT], nodes, &["a", "b"], 4, &parameters, Codec::F32, 9_000), image)
}

/// The network's answer to the image as its convention's library had it: whole, or at the input's size.
fn looked(convention: &Convention) -> Observation {
    let (memory, image) = network();
    let whole = seen(&memory, image.clone());
    match convention.size {
        Size::Image => whole,
        Size::Input => seen(&memory, whole.model().manifest.preprocessing.view(&image)),
    }
}

/// The largest difference of two lists, and its share of the second's largest magnitude.
fn apart(found: &[f32], right: &[f32]) -> f32 {
    assert_eq!(found.len(), right.len());
    let most = right.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    found.iter().zip(right).fold(0.0_f32, |apart, (one, other)| apart.max((one - other).abs())) / most
}

fn check(convention: Convention, methods: &[&str]) {
    let library: Library =
        serde_json::from_slice(&std::fs::read(file(&format!("{}.json", convention.name))).unwrap()).unwrap();
    assert_eq!(library.maps.keys().map(String::as_str).collect::<Vec<_>>(), methods);
    let seen = looked(&convention);
    let size = match convention.size {
        Size::Image => [41, 31],
        Size::Input => [WIDTH as usize, HEIGHT as usize],
    };
    for (method, right) in &library.maps {
        let map = maps(&seen, method, CLASS, "b", convention.name).remove(0);
        let found = convention.finish(&map, size);
        let apart = apart(&found.values, &right.concat());
        println!("{} {method}: {apart:.1e} from {}", convention.name, library.made_with);
        assert!(apart < 1e-4, "{} {method}: {apart}", convention.name);
    }
    let drawn = Image::open(file(&format!("{}.png", convention.name))).unwrap();
    let explained = seen.explain("grad_cam").unwrap().class(CLASS).layer("b").convention(convention.name);
    let ours = explained.map().unwrap().overlay(&seen).image().unwrap();
    assert_eq!((ours.width(), ours.height()), (drawn.width(), drawn.height()));
    let bytes = || ours.rgb().iter().zip(drawn.rgb());
    let most = bytes().map(|(one, other)| one.abs_diff(*other)).max().unwrap();
    let other = bytes().filter(|(one, other)| one != other).count() as f32 / ours.rgb().len() as f32;
    println!("{} drawn: at most {most} of 255, in {:.1} % of the bytes", convention.name, 100.0 * other);
    // What matplotlib draws is mixed in 8 bits by Agg, whose rounding is its own.
    let by_matplotlib = library.made_with.contains("matplotlib") && convention.size == Size::Input
        || convention.name == Convention::TF_KERAS_VIS.name;
    assert!(most <= u8::from(by_matplotlib) && other < 0.25, "{}: {most}, {other}", convention.name);
    // A viewer's choice changes nothing of it.
    let again = seen.explain("grad_cam").unwrap().class(CLASS).layer("b").convention(convention.name).map().unwrap();
    let style = MapStyle { opacity: 0.9, ..MapStyle::default() };
    assert_eq!(again.overlay(&seen).opacity(style.opacity).image().unwrap().rgb(), ours.rgb());
}

#[test]
fn keras_notebook_is_the_notebooks_steps() {
    check(Convention::KERAS_NOTEBOOK, &["grad_cam"]);
}

#[test]
fn pytorch_grad_cam_is_the_librarys() {
    let methods = ["grad_cam", "grad_cam_plus_plus", "hires_cam", "layer_cam", "xgrad_cam"];
    check(Convention::PYTORCH_GRAD_CAM, &methods);
}

#[test]
fn torch_cam_is_the_librarys() {
    check(Convention::TORCH_CAM, &["grad_cam", "grad_cam_plus_plus", "layer_cam", "xgrad_cam"]);
}

#[test]
fn tf_keras_vis_is_the_librarys() {
    check(Convention::TF_KERAS_VIS, &["grad_cam", "grad_cam_plus_plus", "layer_cam"]);
}

#[test]
fn captum_is_the_librarys() {
    check(Convention::CAPTUM, &["grad_cam"]);
}

#[test]
fn xplique_is_the_librarys() {
    check(Convention::XPLIQUE, &["grad_cam", "grad_cam_plus_plus"]);
}

fn compared(method: &str, layers: &str, conventions: &[Convention]) -> convscope::Result<Vec<InConvention>> {
    let (memory, image) = network();
    let request = Request {
        method: method.into(),
        target: Some(CLASS.into()),
        layers: Layers::parse(layers),
        ..Request::default()
    };
    block_on(compare_conventions(&seen(&memory, image), &request, conventions, &Collect::default()))
}

#[test]
fn the_choice_that_makes_a_difference_is_found_by_making_it_alone() {
    let all = [
        Convention::PAPER,
        Convention::KERAS_NOTEBOOK,
        Convention::PYTORCH_GRAD_CAM,
        Convention::TORCH_CAM,
        Convention::TF_KERAS_VIS,
        Convention::CAPTUM,
        Convention::XPLIQUE,
    ];
    for method in ["grad_cam", "grad_cam_plus_plus"] {
        let found = compared(method, "b", &all).unwrap();
        assert_eq!(found.iter().map(|one| one.convention).collect::<Vec<_>>(), all);
        assert!(found[0].difference.is_none());
        let size = [WIDTH as usize, HEIGHT as usize];
        for one in &found[1..] {
            // What the library's own convention gives when it is asked for by itself.
            let alone = maps(&looked(&Convention::PAPER), method, CLASS, "b", one.convention.name);
            assert_eq!(one.shown, one.convention.show(&alone[0], size), "{}", one.convention.name);
            let difference = one.difference.as_ref().unwrap();
            let fields: Vec<Field> = difference.shares.iter().map(|(field, _)| *field).collect();
            let differing = Field::differing(&all[0], &one.convention);
            assert!(fields.len() == differing.len() && differing.iter().all(|field| fields.contains(field)));
            let apart = |plane: &[f32]| {
                let squares = plane.iter().zip(&one.shown.values).map(|(a, b)| f64::from(a - b).powi(2));
                squares.sum::<f64>().sqrt()
            };
            // Only the enlargement is changed here, by hand.
            let changed = Convention { enlargement: one.convention.enlargement, ..all[0] };
            if let Some((_, share)) = difference.shares.iter().find(|(field, _)| *field == Field::Enlargement) {
                let right = 1.0 - apart(&changed.show(&found[0].map, size).values) / apart(&found[0].shown.values);
                assert!((f64::from(*share) - right).abs() < 1e-5, "{}: {share} for {right}", one.convention.name);
            }
        }
        let of = |index: usize| found[index].difference.as_ref().unwrap();
        // The mean over the channels is a constant factor, so that the score alone makes it.
        assert!(matches!(of(1).cause(), Cause::One(Field::Score, share) if share > 0.999));
        let same = compared(method, "b", &[Convention::PAPER, Convention::PAPER]).unwrap();
        assert_eq!(same[1].difference.as_ref().unwrap().cause(), Cause::None);
        // torch-cam's Grad-CAM++ has another alpha; of Grad-CAM there is none.
        let alpha = of(3).shares.iter().find(|(field, _)| *field == Field::Alpha).unwrap().1;
        assert_eq!(alpha == 0.0, method == "grad_cam", "{alpha}");
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let both = [Convention::PAPER, Convention::CAPTUM];
    let said = |method, layers| compared(method, layers, &both).unwrap_err().to_string();
    assert!(said("grad_cam", "all").contains("one layer at a time"));
    assert!(said("activations", "b").contains("gives no map"));
    assert!(said("grad_cam", "nowhere").contains("nowhere"));
    let lucid = compared("grad_cam", "b", &[Convention::PAPER, Convention::LUCID]).unwrap_err().to_string();
    assert!(lucid.contains("there is no convention lucid of grad_cam"), "{lucid}");
    assert!(compared("grad_cam", "b", &[]).unwrap().is_empty());
}
