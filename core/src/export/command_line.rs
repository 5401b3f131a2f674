//! The command line that asks for the same: for manifests, and for people who want to go on from what they see.

use std::collections::BTreeMap;

use super::bundle::Asked;
use crate::card::{Card, EXPLAIN, LayersAsked};
use crate::param::{Kind, Param, Value};
use crate::render::MapStyle;
use crate::request::{Layers, Request};

/// Command line, for a POSIX shell, that carries out what was asked with a model, and with the image of that name where the method
/// takes one. What is as usual is left out.
pub fn command_line(asked: &Asked, card: &Card, model: &str, image: Option<&str>) -> String {
    let Some(request) = asked.requests.first() else { return String::new() };
    let mut line = Line(vec!["convscope".into()]);
    match image {
        Some(image) => line.explain(image, asked, request, card),
        None => {
            line.0.push(card.command.to_string());
            line.option("layer", &request.layers.to_string());
            request.values.iter().for_each(|(id, value)| line.option(id, &value.to_string()));
            line.option("out", "again");
        }
    }
    if !request.convention.is_empty() {
        line.option("convention", &request.convention);
    }
    line.option("model", model);
    line.0.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// Words of a command line.
struct Line(Vec<String>);

impl Line {
    fn option(&mut self, name: &str, value: &str) {
        self.0.extend([format!("--{name}"), value.to_owned()]);
    }

    fn set(&mut self, of: &str, values: &BTreeMap<String, Value>) {
        values.iter().for_each(|(id, value)| self.option("set", &format!("{of}{id}={value}")));
    }

    fn explain(&mut self, image: &str, asked: &Asked, request: &Request, card: &Card) {
        self.0.extend([EXPLAIN.to_owned(), image.to_owned()]);
        self.option("method", &request.method);
        let targets = asked.requests.iter().filter_map(|request| request.target.as_ref());
        let targets: Vec<String> = targets.map(ToString::to_string).collect();
        if !targets.is_empty() {
            self.option("class", &targets.join(","));
        }
        if card.asks.layers != LayersAsked::None || card.asks.map {
            self.option("layer", &request.layers.to_string());
        }
        self.set("", &request.values);
        // A metric's box is never left to the program.
        let is_box = |param: &&Param| card.asks.map && matches!(param.kind, Kind::Box { .. });
        let left = card.params.iter().filter(is_box).filter(|param| !request.values.contains_key(param.id.as_ref()));
        self.set("", &left.map(|param| (param.id.to_string(), param.default())).collect());
        if let Some(map) = &request.map {
            self.option("of", &map.method);
            self.set(&format!("{}.", map.method), &map.values);
        }
        for metric in &asked.metrics {
            self.option("metric", &metric.method);
            self.set(&format!("{}.", metric.method), &metric.values);
        }
        if let Some(Layers::Named(names)) = asked.metrics.first().map(|metric| &metric.layers) {
            self.option("metric-layer", &names.join(","));
        }
        self.style(asked.style);
        self.option("bundle", "again.zip");
    }

    fn style(&mut self, style: MapStyle) {
        let usual = MapStyle::default();
        if style.colormap != usual.colormap {
            self.option("colormap", style.colormap.name());
        }
        if style.opacity != usual.opacity {
            self.option("opacity", &style.opacity.to_string());
        }
        if style.blend != usual.blend {
            self.option("blend", style.blend.name());
        }
        if let Some(level) = style.contour {
            self.option("contour", &level.to_string());
        }
        if style.signed {
            self.0.push("--signed".into());
        }
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card;
    use crate::card::{Asks, Gives};
    use crate::render::{Blend, Colormap};

    const CAM: Card = card! {
        id: "a_cam", title: "A CAM", family: Cam, paper: ("Somebody 2026", ""), shows: "", limits: "",
        asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: true },
    };

    fn asked(request: Request) -> Asked {
        Asked { requests: vec![request], ..Asked::default() }
    }

    #[test]
    fn everything_that_is_not_as_usual_is_said() {
        let request = |target: &str| Request {
            method: "a_cam".into(),
            target: Some(target.parse().unwrap()),
            layers: Layers::parse("fire9/concat"),
            values: [("k".to_owned(), Value::Int(3)), ("baseline".to_owned(), Value::Text("mean".into()))].into(),
            convention: "paper".into(),
            map: None,
        };
        let metric = Request {
            method: "deletion".into(),
            values: [("steps".to_owned(), Value::Int(8))].into(),
            layers: Layers::parse("conv10"),
            ..Request::default()
        };
        let asked = Asked {
            requests: vec![request("285 - 282"), request("3")],
            metrics: vec![metric],
            style: MapStyle {
                colormap: Colormap::Jet,
                opacity: 0.5,
                blend: Blend::Plain,
                signed: true,
                contour: Some(0.5),
            },
            references: vec![],
        };
        assert_eq!(
            command_line(&asked, &CAM, "vgg16", Some("my cat's.jpg")),
            [
                r"convscope explain 'my cat'\''s.jpg' --method a_cam --class '285 - 282,3' --layer fire9/concat",
                "--set baseline=mean --set k=3 --metric deletion --set deletion.steps=8 --metric-layer conv10 --colormap jet --opacity 0.5",
                "--blend plain --contour 0.5 --signed --bundle again.zip --convention paper --model vgg16",
            ]
            .join(" ")
        );
    }

    #[test]
    fn a_metric_says_the_box_that_was_shown() {
        const BOX: Param = Param::bounding_box("box", "Box", "Around it", "0.25,0.25,0.5,0.5");
        const INSIDE: Card = card! {
            id: "inside", title: "Inside", family: Metric, paper: ("Somebody 2026", ""), shows: "", limits: "",
            asks: Asks::MAP, gives: Gives::Number, params: [BOX],
        };
        let line = |values: &[(String, Value)]| {
            let request =
                Request { method: "inside".into(), values: values.iter().cloned().collect(), ..Request::default() };
            command_line(&asked(request), &INSIDE, "vgg16", Some("cat.png"))
        };
        assert!(line(&[]).contains("--set box=0.25,0.25,0.5,0.5"), "{}", line(&[]));
        let drawn = line(&[("box".into(), Value::Text("0,0,1,1".into()))]);
        assert_eq!((drawn.matches("--set").count(), drawn.contains("--set box=0,0,1,1")), (1, true), "{drawn}");
    }

    #[test]
    fn methods_of_the_network_alone_have_their_own_command() {
        const FILTERS: Card = card! {
            id: "grown", title: "Grown", family: Synthesis, paper: ("Somebody 2026", ""), shows: "", limits: "",
            asks: Asks::NETWORK, gives: Gives::Panels, command: "filters",
        };
        let request = Request {
            method: "grown".into(),
            layers: Layers::parse("conv1"),
            values: [("filters".to_owned(), Value::Text("1,2".into()))].into(),
            ..Request::default()
        };
        let line = command_line(&asked(request), &FILTERS, "vgg16", None);
        assert_eq!(line, "convscope filters --layer conv1 --filters 1,2 --out again --model vgg16");
        assert_eq!(command_line(&Asked::default(), &FILTERS, "vgg16", None), "");
    }
}
