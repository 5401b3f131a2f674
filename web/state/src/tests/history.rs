//! Entries that Back and Forward walk.

use convscope_core::render::{Blend, Colormap};

use super::links::follow;
use super::*;
use crate::{History, Visit};

/// A browser's history of a page, by a clock that is set by hand.
struct Browser {
    state: State,
    history: History,
    entries: Vec<String>,
    at: usize,
    now: f64,
}

impl Browser {
    fn new() -> Self {
        let mut browser =
            Self { state: settled(), history: History::default(), entries: vec![String::new()], at: 0, now: 0.0 };
        browser.show();
        browser
    }

    fn show(&mut self) {
        let Some((link, visit)) = self.history.visit(&self.state, self.now) else { return };
        if visit == Visit::Enter {
            self.entries.truncate(self.at + 1);
            self.entries.push(String::new());
            self.at += 1;
        }
        self.entries[self.at] = link.encode();
    }

    /// Something happens so many seconds after what happened before.
    fn act(&mut self, later: f64, action: impl Into<Action>) -> Vec<Effect> {
        self.now += later;
        let effects = self.state.apply(action);
        self.show();
        effects
    }

    fn back(&mut self) -> Vec<Effect> {
        self.at -= 1;
        self.history.follow();
        let effects = follow(&mut self.state, &self.entries[self.at].clone());
        self.show();
        effects
    }
}

fn class(index: usize) -> ExplanationAction {
    ExplanationAction::ChooseClass(index)
}

#[test]
fn choices_are_entries_that_back_walks() {
    let mut browser = Browser::new();
    let first = browser.entries[0].clone();
    assert!(first.contains("class=1&") && browser.entries.len() == 1, "the first view is the entry that was opened");
    browser.act(5.0, class(0));
    browser.act(5.0, ExplanationAction::ChooseLayer("conv1".into()));
    browser.act(5.0, ExplanationAction::ChooseMethod("gradient".into()));
    let (look, _) = sent(&browser.act(5.0, ImageAction::ChooseExample(example("coffee"))));
    assert_eq!(browser.entries.len(), 4, "an image that has not been looked at is not seen");
    browser.act(1.0, heard(look, looked(&[1, 0])));
    assert_eq!(browser.entries.len(), 5, "the image with its class is one entry");
    // Back, to each of them in turn, changes none.
    let entries = browser.entries.clone();
    assert_eq!(browser.back(), [Effect::GetNamed("cat".into())]);
    let (look, _) = sent(&browser.act(0.1, LinkAction::Example(Ok(example("cat")))));
    browser.act(0.1, heard(look, looked(&[1, 0])));
    for _ in 0..3 {
        browser.back();
    }
    assert_eq!((browser.entries.clone(), browser.state.explanation.target.clone()), (entries, Some(1.into())));
    assert_eq!(browser.state.link().map(|link| link.encode()), Some(first));
    // A choice after going back leaves the way forward.
    browser.act(0.1, class(0));
    assert_eq!((browser.entries.len(), browser.at), (2, 1));
}

#[test]
fn quick_changes_of_one_kind_are_one_entry() {
    let mut browser = Browser::new();
    for layer in ["conv1", "conv2", "conv1"] {
        browser.act(0.9, ExplanationAction::ChooseLayer(layer.into()));
    }
    assert_eq!(browser.entries.len(), 2);
    assert!(browser.entries[1].contains("layer=conv1"));
    browser.act(0.1, class(0));
    assert_eq!(browser.entries.len(), 3, "another kind");
    browser.act(1.1, class(1));
    assert_eq!(browser.entries.len(), 4, "slowly");
    // How it is drawn is in the address, and no entry.
    browser.act(5.0, ExplanationAction::ChooseSigned(true));
    browser.act(5.0, ExplanationAction::ChooseColormap(Colormap::Viridis));
    browser.act(5.0, ExplanationAction::ChooseOpacity(0.25));
    assert_eq!(browser.entries.len(), 4);
    assert!(browser.entries[3].ends_with("&signed=1&colormap=viridis&opacity=25"), "{}", browser.entries[3]);
}

#[test]
fn an_address_restores_how_a_map_is_drawn() {
    let mut state = settled();
    state.apply(ExplanationAction::ChooseColormap(Colormap::Viridis));
    state.apply(ExplanationAction::ChooseOpacity(0.25));
    state.apply(ExplanationAction::ChooseBlend(Blend::Plain));
    let link = state.link().expect("a view").encode();
    let mut state = settled();
    follow(&mut state, &link);
    let drawn = |state: &State| {
        let ExplanationState { colormap, opacity, blend, .. } = state.explanation;
        (colormap, opacity, blend)
    };
    assert_eq!(drawn(&state), (Colormap::Viridis, 0.25, Blend::Plain));
    // What a link does not say is as usual.
    follow(&mut state, "class=0");
    let usual = ExplanationState::default();
    assert_eq!(drawn(&state), (usual.colormap, usual.opacity, usual.blend));
    let (link, problem) = Link::parse("class=0&colormap=red&opacity=101").expect("a link");
    assert_eq!(
        (link.class.as_deref(), problem),
        (Some("0"), Some(Text::Own("link-not-understood", vec![("keys", "colormap, opacity".into())])))
    );
}

#[test]
fn going_back_does_not_run_again_what_is_there() {
    let mut browser = Browser::new();
    choose_method(&mut browser.state, "rise");
    let (run, _) = asked(&browser.act(2.0, ExplanationAction::Run));
    browser.act(2.0, heard(run, map("input")));
    browser.act(2.0, heard(run, done()));
    // What takes long is not run because somebody comes by, and what runs for another view is stopped.
    let maps = browser.state.explanation.results.maps.clone();
    browser.act(2.0, class(0));
    asked(&browser.act(2.0, ExplanationAction::Run));
    assert_eq!(sent(&browser.back()).1, &Command::Stop);
    assert_eq!(browser.state.explanation.results.maps, maps);
    assert_eq!((seen(&browser.state), browser.state.is_stale(browser.state.explanation.current())), (Some(1), false));
    // The same view once more, by a link: nothing to do.
    let mut state = settled();
    let link = state.link().expect("a view").encode();
    assert_eq!(follow(&mut state, &link), []);
}

#[test]
fn the_frames_of_a_camera_are_no_entries() {
    let mut browser = Browser::new();
    for class in [1, 0, 1] {
        let frame = ImageAction::Frame { name: "Camera".into(), file: Rc::from([7].as_slice()) };
        let (look, _) = sent(&browser.act(3.0, frame));
        browser.act(0.1, heard(look, looked(&[class, 1 - class])));
    }
    assert!(browser.entries.len() == 1 && browser.entries[0].contains("picture=own-"), "{:?}", browser.entries);
    // What a person chooses afterwards is.
    let (look, _) = sent(&browser.act(3.0, ImageAction::ChooseExample(example("coffee"))));
    browser.act(0.1, heard(look, looked(&[1, 0])));
    assert_eq!(browser.entries.len(), 2);
}
