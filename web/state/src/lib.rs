//! Everything that the page knows, and the one function that changes it. Nothing here touches a browser: what has to be done
//! outside comes back as [`Effect`]s, so that every path is tested natively.
//!
//! The [`State`] is made of slices, one idea and one file each: what it holds, an enum of what happens to it, and what that
//! changes. A change of one slice may set off one of the next: a model that has come looks at the image, an image that has been
//! looked at is explained.

mod aside;
mod axis;
mod beside;
mod bounding_box;
mod bundle;
mod cards;
mod class_names;
mod comparison;
mod content;
mod conventions;
mod drawing;
mod drill;
mod drilled;
mod effect;
mod embed;
mod explanation;
mod export;
mod fidelity;
mod follow;
mod form;
mod grid;
mod grid_models;
mod gridded;
mod health;
mod history;
mod image;
mod import;
mod import_details;
mod kept_link;
mod link;
mod live;
mod model;
mod notice;
mod optima;
mod overlay;
mod own_image;
mod panes;
mod program;
mod results;
mod running;
mod search;
mod shared;
mod stored;
mod survey;
mod teach;
mod tickets;
mod tray;
mod trust;
mod worker;

pub use aside::{Answer, Aside, AsideAction, AsideState, Peak};
pub use axis::Axis;
pub use beside::BesideView;
pub use bounding_box::BoxAction;
pub use bundle::{BundleAction, BundleAgreement, BundleState, LIMIT as BUNDLE_LIMIT, OpenedBundle, RecordedMap};
pub use cards::gives_maps;
pub use class_names::ClassNames;
pub use comparison::{Compared, ComparisonAction, ComparisonState, View};
pub use content::{Content, FileHandle};
pub use conventions::{ConventionsAction, ConventionsState};
use convscope_core::Choice;
pub use drill::{DrillAction, DrillState, Step, point};
pub use drilled::{Drilled, Elsewhere};
pub use effect::Effect;
pub use embed::{EmbedAction, EmbedEvent, EmbedState, Told};
pub use explanation::{ExplanationAction, ExplanationState};
pub use export::{ExportAction, ExportState, Saving, Scene};
pub use fidelity::{FidelityAction, FidelityState};
use follow::Followed;
pub use follow::LinkAction;
pub use form::Form;
pub use grid::{GridAction, GridState};
pub use gridded::{Cell, CellNumbers, Gridded};
pub use history::{History, Visit};
pub use image::{ExampleFile, ImageAction, ImageFile, ImageState, Observation};
pub use import::{ImportAction, ImportForm, ImportState, ImportStep, LabelSource};
pub use import_details::{Detail, DetailsForm};
pub use link::{Link, LinkImage};
pub use live::{LiveAction, LiveState, RECORDED_SECONDS};
pub use model::{ModelAction, ModelEntry, ModelState, Packed};
pub use notice::{Language, Message, NoticeAction, NoticeState, Recovery, Text};
pub use overlay::{Layered, Numbers, Overlay, Paint};
pub use own_image::KeptImage;
pub use panes::{Closed, Pane, PaneAction};
pub use program::Program;
pub use results::{FeatureMap, Results, Shown, channel_at};
pub use search::{ClassSearch, FoundClasses, SearchKey};
pub use shared::Shared;
pub use stored::{Stored, StoredItem};
pub use survey::{Filter, Finding, Marks, Survey, SurveyAction, SurveyFile, SurveyImage, SurveyState, gallery};
pub use teach::{Lecture, TeachAction, TeachClass, TeachHeat, TeachState, TeachStep};
pub use trust::{TrustAction, TrustState};
pub use worker::{Busy, Engine, WorkerAction, WorkerState};

/// Everything that the page knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The models and the devices.
    pub model: ModelState,
    /// The image, and what the network made of it.
    pub image: ImageState,
    /// Explanation that is wanted, by which method, and the results.
    pub explanation: ExplanationState,
    /// An explanation that is kept to compare with.
    pub comparison: ComparisonState,
    /// One map in all conventions of its method.
    pub conventions: ConventionsState,
    /// The model in all packings of its weights.
    pub fidelity: FidelityState,
    /// A place that is looked into.
    pub drill: DrillState,
    /// Maps of two choices, beside each other.
    pub grid: GridState,
    /// Requests beside what is seen.
    pub aside: AsideState,
    /// Survey of the images to choose from.
    pub survey: SurveyState,
    /// How far the map that is seen can be trusted.
    pub trust: TrustState,
    /// Choices of how things are saved.
    pub export: ExportState,
    /// The camera, explained live.
    pub live: LiveState,
    /// An evidence bundle that has been opened.
    pub bundle: BundleState,
    /// A model that the person gives the page.
    pub import: ImportState,
    /// A classifier that is taught with images of the person's own.
    pub teach: TeachState,
    /// The worker, and what it is doing.
    pub worker: WorkerState,
    /// Notices to the person, and their language.
    pub notice: NoticeState,
    /// Panes that are closed.
    pub panes: Closed,
    /// What a page around this one asks for.
    pub embed: EmbedState,
    link: Followed,
}

/// Action on the page: on one slice of its state.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Action on the models and the devices.
    Model(ModelAction),
    /// Action on the image.
    Image(ImageAction),
    /// Action on what is to be explained.
    Explanation(ExplanationAction),
    /// Action on the box around an object.
    Box(BoxAction),
    /// Action on what is compared.
    Comparison(ComparisonAction),
    /// Action on the comparison of conventions.
    Conventions(ConventionsAction),
    /// Action on the comparison of packings.
    Fidelity(FidelityAction),
    /// Action on a place that is looked into.
    Drill(DrillAction),
    /// Action on the grid of maps.
    Grid(GridAction),
    /// Action on requests beside what is seen.
    Aside(AsideAction),
    /// Action on the survey.
    Survey(SurveyAction),
    /// Action on what is measured of the map that is seen.
    Trust(TrustAction),
    /// Action on what is saved.
    Export(ExportAction),
    /// Action on the camera.
    Live(LiveAction),
    /// Action on evidence bundles.
    Bundle(BundleAction),
    /// Action on the import of a model.
    Import(ImportAction),
    /// Action on teaching.
    Teach(TeachAction),
    /// Action on the worker.
    Worker(WorkerAction),
    /// Action on the notices.
    Notice(NoticeAction),
    /// Action on panes.
    Panes(PaneAction),
    /// Action of a page around this one.
    Embed(EmbedAction),
    /// A link.
    Link(LinkAction),
}

macro_rules! slices {
    ($($slice:ident: $action:ident => $change:ident,)*) => {
        $(impl From<$action> for Action {
            fn from(action: $action) -> Self {
                Self::$slice(action)
            }
        })*

        impl State {
            /// Changes what is known, and says what has to be done.
            pub fn apply(&mut self, action: impl Into<Action>) -> Vec<Effect> {
                match action.into() {
                    $(Action::$slice(action) => self.$change(action),)*
                }
            }
        }
    };
}

slices! {
    Model: ModelAction => change_model,
    Image: ImageAction => change_image,
    Explanation: ExplanationAction => change_explanation,
    Box: BoxAction => change_box,
    Comparison: ComparisonAction => change_comparison,
    Conventions: ConventionsAction => change_conventions,
    Fidelity: FidelityAction => change_fidelity,
    Drill: DrillAction => change_drill,
    Grid: GridAction => change_grid,
    Aside: AsideAction => change_aside,
    Survey: SurveyAction => change_survey,
    Trust: TrustAction => change_trust,
    Export: ExportAction => change_export,
    Live: LiveAction => change_live,
    Bundle: BundleAction => change_bundle,
    Import: ImportAction => change_import,
    Teach: TeachAction => change_teach,
    Worker: WorkerAction => change_worker,
    Notice: NoticeAction => change_notice,
    Panes: PaneAction => change_panes,
    Embed: EmbedAction => change_embed,
    Link: LinkAction => change_link,
}

impl State {
    /// The page when it has been opened, with what its address asks for, and what it does first.
    pub fn new(model: Option<String>, device: Choice) -> (Self, Vec<Effect>) {
        let model = ModelState { chosen: model.unwrap_or_default(), device, ..ModelState::default() };
        let mut state = Self { model, ..Self::default() };
        let effects = vec![Effect::Start(state.choose_program()), Effect::List];
        (state, effects)
    }
}

#[cfg(test)]
mod tests;
