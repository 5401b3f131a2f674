//! Components, which are what is seen, one idea a file. A component is given what it draws and tells what a person does as an
//! [`Action`](convscope_page::Action).

use convscope_core::artifact::Share;
use convscope_core::predictions::Class;
use convscope_core::target::Explained;

use crate::words::Words;

pub mod about;
mod activations;
mod add_model;
mod alert;
mod asides;
mod bitmap;
mod bounding_box;
mod bundle;
mod caption;
mod choice;
mod classes;
mod compare;
mod controls;
mod conventions;
mod curve;
mod domain;
mod drag;
mod drill;
mod drill_views;
mod embed;
mod extent;
mod fidelity;
mod form;
mod glance;
mod grid;
mod grid_words;
mod header;
pub mod help;
mod images;
mod import;
mod import_details;
mod keep;
mod layers;
mod mark;
mod model_card;
mod outline;
mod panels;
pub mod picker;
mod readout;
mod remaining;
mod run;
mod save;
mod scale;
mod sheet;
mod small;
mod splitter;
mod stage;
mod status;
mod storage;
mod survey;
mod teach;
mod tray;
mod trust;
mod webcam;
pub mod work;
mod workspace;

pub use about::About;
pub use activations::Activations;
pub use add_model::AddModel;
pub use alert::Alert;
pub use asides::Asides;
pub use bundle::{BundleLine, BundleView, BundleViewProps};
pub use caption::{Caption, lines, summary};
pub use classes::Classes;
pub use compare::Compare;
pub use controls::{Controls, ControlsProps};
pub use conventions::{Conventions, ConventionsProps};
pub use curve::{Chart, charts};
pub use domain::Domain;
pub use drill::{Drill, DrillProps};
pub use embed::embedded;
pub use fidelity::{Fidelity, FidelityProps};
pub use form::{Form, FormProps};
pub use grid::{Grid, GridProps};
pub use grid_words::captions;
pub use header::{DEVICES, Header};
pub use images::{EXAMPLES, Example, Images, list, read};
pub use import::Import;
pub use import_details::{Details, Unknown};
pub use keep::{Keep, KeepProps};
pub use layers::{Item, Layers};
pub use model_card::ModelCard;
pub use outline::{Divider, Outline};
pub use panels::{Panels, PanelsProps};
pub use picker::{Picker, PickerProps};
pub use run::{Run, RunProps};
pub use save::{Save, SaveProps};
pub use scale::{Scale, ScaleProps};
pub use sheet::{Sheet, SheetProps};
pub use small::Small;
pub use splitter::Splitter;
pub use stage::Stage;
pub use status::Status;
pub use storage::Storage;
pub use survey::{Survey, SurveyProps};
pub use teach::{Teach, TeachProps};
pub use tray::Tray;
pub use trust::{Trust, TrustProps};
pub use webcam::Webcam;
pub use workspace::Workspace;

/// A number of bytes as people write it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// How much of what is explained the network sees, as people write it: a class's probability; of a sum its logit.
pub(crate) fn certainty(words: &Words, explained: &Explained) -> String {
    match explained.class() {
        Some(class) => number(class),
        None => words.with("target-logit", [("logit", format!("{:.2}", explained.logit()).into())]),
    }
}

/// A channel's share in a score as people write it, with the part itself.
pub(crate) fn share(one: &Share) -> String {
    let value = format!("{:.3}", one.value);
    one.share.map_or_else(|| value.clone(), |share| format!("{:.1}% · {value}", 100.0 * share))
}

/// A class's probability as people write it, or its raw output where it has none.
pub(crate) fn number(class: &Class) -> String {
    class.probability.map_or_else(|| format!("{:.3}", class.logit), percent)
}

/// A probability as people write it.
pub(crate) fn percent(probability: f32) -> String {
    match probability {
        ..0.0005 => "<0.1%".into(),
        0.9995.. => ">99.9%".into(),
        _ => format!("{:.1}%", 100.0 * probability),
    }
}
