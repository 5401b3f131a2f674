//! Requests beside what is seen: what linked views show of other layers, channels, classes and images. They are made one after the other
//! while the worker has nothing else to do, give way to everything that a person waits for, and what has come of them is kept.

use std::rc::Rc;

use convscope_core::artifact::{Artifact, Panel, Sheet};
use convscope_core::explain::AttributionMap;
use convscope_core::protocol::{Command, Event};
use convscope_core::request::Request;

use super::image::send_with;
use super::tickets::Kind;
use super::{Busy, Effect, ImageFile, Observation, Shared, State, Text};

/// Answers that are kept; those that nobody asked for the longest go first.
const KEPT: usize = 96;

/// Request beside what is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Aside {
    /// SHA-256 of the model.
    pub(super) hash: String,
    /// The request.
    pub request: Request,
    /// The image that it is about; none of a method that is about the network alone.
    pub photo: Option<Rc<ImageFile>>,
    /// Id of the model that it asks, where that is another than the one that is seen.
    pub model: Option<String>,
}

/// The place at which a channel fires most, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// The largest number of its feature map.
    pub value: f32,
    /// Middle of that cell, as shares of the width and height of what the network sees.
    pub place: (f64, f64),
}

/// What has come of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Numbers that the network made of the image, of a request about one.
    pub seen: Option<Shared<Observation>>,
    /// Images of channels, the newest of each, in the order in which they came.
    pub panels: Vec<Shared<Panel>>,
    /// The map.
    pub map: Option<Shared<AttributionMap>>,
    /// All feature maps of a layer; none of an image that is not seen, whose numbers would fill the memory.
    pub sheet: Option<Shared<Sheet>>,
    /// The place at which each of its channels fires most.
    pub peaks: Option<Shared<Vec<Peak>>>,
    /// Whether all has come.
    pub whole: bool,
    /// Why nothing comes.
    pub failed: Option<Text>,
}

/// Requests beside what is seen, and what has come of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AsideState {
    known: Vec<(Aside, Answer)>,
    /// The one that goes on, and steps taken and steps in all.
    running: Option<Aside>,
    progress: Option<(usize, usize)>,
    /// Bytes so far and in all of the model that it asks, while that is loaded.
    loading: Option<(u64, u64)>,
}

/// Action on requests beside what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsideAction {
    /// Make the next of those that are wanted.
    Next,
}

impl AsideState {
    /// Forgets what has come of images that are `gone`.
    pub(super) fn forget_images(&mut self, gone: impl Fn(&Rc<ImageFile>) -> bool) {
        self.known.retain(|(aside, _)| !aside.photo.as_ref().is_some_and(&gone));
    }
}

/// The places at which channels fire most.
fn peaks(sheet: &Sheet) -> Vec<Peak> {
    let [_, height, width] = sheet.activation.shape;
    let peak = |map: &[f32]| {
        let (at, value) = map
            .iter()
            .copied()
            .enumerate()
            .fold((0, f32::NEG_INFINITY), |most, (at, value)| if value > most.1 { (at, value) } else { most });
        let middle = |at: usize, count: usize| (at as f64 + 0.5) / count as f64;
        Peak { value, place: (middle(at % width, width), middle(at / width, height)) }
    };
    sheet.values.chunks_exact((height * width).max(1)).map(peak).collect()
}

impl Answer {
    /// Whether nothing is missing of it, of the image that is seen or of another, whose feature maps are not kept.
    fn is_settled(&self, here: bool) -> bool {
        let kept = !here || self.sheet.is_some() || self.peaks.is_none();
        (self.whole && kept) || self.failed.is_some()
    }

    fn take(&mut self, artifact: Artifact, of_another_image: bool) {
        match artifact {
            Artifact::Map(map) => self.map = Some(map.into()),
            Artifact::Panel(panel) => match self.panels.iter_mut().find(|old| old.channel == panel.channel) {
                Some(old) => *old = panel.into(),
                None => self.panels.push(panel.into()),
            },
            Artifact::Sheet(sheet) => {
                self.peaks = Some(peaks(&sheet).into());
                self.sheet = (!of_another_image).then(|| sheet.into());
            }
            Artifact::Measurement(_) => {}
        }
    }
}

impl State {
    /// A request beside what is seen, of that image.
    pub(super) fn aside(&self, request: Request, photo: Option<Rc<ImageFile>>) -> Option<Aside> {
        Some(Aside { hash: self.model.ready.as_ref()?.hash.clone(), request, photo, model: None })
    }

    /// What has come of a request.
    pub(super) fn answer(&self, aside: &Aside) -> Option<&Answer> {
        self.aside.known.iter().find(|(known, _)| known == aside).map(|(_, answer)| answer)
    }

    /// Steps taken and steps in all of a request, while it goes on.
    pub(super) fn aside_progress(&self, aside: &Aside) -> Option<(usize, usize)> {
        let runs = self.worker.expects(Kind::Aside) && self.aside.running.as_ref() == Some(aside);
        self.aside.progress.filter(|_| runs)
    }

    /// Id of the other model that is being loaded, with its bytes so far and in all.
    pub(super) fn aside_loading(&self) -> Option<(String, u64, u64)> {
        let (done, total) = self.aside.loading.filter(|_| self.worker.expects(Kind::Aside))?;
        Some((self.aside.running.as_ref()?.model.clone()?, done, total))
    }

    /// The first of those that are wanted and have not come.
    fn missing(&self) -> Option<Aside> {
        self.drill_wants().into_iter().chain(self.grid_wants()).find(|aside| {
            let here = aside.photo == self.image.photo;
            !self.answer(aside).is_some_and(|answer| answer.is_settled(here))
        })
    }

    /// Whether any of those that are wanted is still to come, so that what nobody waits for waits.
    pub(super) fn lacks_asides(&self) -> bool {
        self.missing().is_some()
    }

    /// Whether the next can be made now.
    pub fn is_aside_due(&self) -> bool {
        let idle = self.worker.busy() == Busy::No
            && self.worker.answers()
            && !self.worker.expects(Kind::Compare)
            && !self.worker.expects(Kind::Weigh);
        idle && !self.worker.expects(Kind::Aside) && !self.lacks_lessons() && self.lacks_asides()
    }

    pub(super) fn change_aside(&mut self, action: AsideAction) -> Vec<Effect> {
        match action {
            AsideAction::Next if self.is_aside_due() => self.next_aside(),
            AsideAction::Next => vec![],
        }
    }

    /// Stops what goes on where it is not wanted any longer, and goes on with what is.
    pub(super) fn follow_asides(&mut self) -> Vec<Effect> {
        let next = self.missing();
        if self.worker.expects(Kind::Aside) && next != self.aside.running {
            let ticket = self.worker.stop(Kind::Aside);
            self.aside.running = None;
            if next.is_none() {
                return ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect();
            }
        }
        let mut effects: Vec<Effect> = self.look_up_optimum().into_iter().collect();
        effects.extend(if self.is_aside_due() { self.next_aside() } else { vec![] });
        effects
    }

    fn next_aside(&mut self) -> Vec<Effect> {
        let Some(aside) = self.missing() else { return vec![] };
        let here = aside.photo.is_none() || aside.photo == self.image.photo;
        let other = aside.photo.clone().filter(|_| !here);
        let command = Command::Aside { request: aside.request.clone(), file: None, model: aside.model.clone() };
        let ours = here && aside.photo.is_some() && aside.model.is_none();
        let seen = self.image.observation.clone().filter(|_| ours);
        let photo = self.image.photo.as_ref();
        let stays = |answer: &Answer, of: &Aside| answer.sheet.is_none() || of.photo.as_ref() == photo;
        self.aside.known.retain(|(known, answer)| *known != aside && stays(answer, known));
        let many = (self.aside.known.len() + 1).saturating_sub(KEPT);
        self.aside.known.drain(..many);
        self.aside.known.push((aside.clone(), Answer { seen, ..Answer::default() }));
        self.aside.running = Some(aside);
        (self.aside.progress, self.aside.loading) = (None, None);
        let ticket = self.worker.begin(Kind::Aside);
        vec![match &other {
            Some(photo) => send_with(ticket, command, photo),
            None => Effect::Send(ticket, command),
        }]
    }

    /// Takes up the one panel that a request gives, which was kept.
    pub(super) fn know(&mut self, aside: Aside, panel: Shared<Panel>) {
        let answer = Answer { panels: vec![panel], whole: true, ..Answer::default() };
        self.aside.known.push((aside, answer));
    }

    /// The answer of the request that goes on.
    fn growing(&mut self) -> Option<(bool, &mut Answer)> {
        let running = self.aside.running.as_ref()?;
        let other = running.photo.is_some() && running.photo != self.image.photo;
        let known = self.aside.known.iter_mut().find(|(known, _)| known == running);
        known.map(|(_, answer)| (other, answer))
    }

    pub(super) fn take_aside(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Progress { done, total } => {
                self.aside.progress = Some((done, total));
                return vec![];
            }
            Event::Loading { done, total } => {
                self.aside.loading = Some((done, total)).filter(|_| done < total);
                return vec![];
            }
            _ => {}
        }
        let Some((other, answer)) = self.growing() else { return vec![] };
        match event {
            Event::Artifact(artifact) => answer.take(artifact, other),
            Event::Looked { width, height, region, classes, doubt, sha256, seconds, .. } => {
                let seen = Observation { size: (width, height), region, classes, doubt, sha256, seconds };
                answer.seen = Some(seen.into());
            }
            Event::Done { .. } => {
                answer.whole = true;
                let made = answer.panels.first().cloned();
                let key = self.aside.running.as_ref().and_then(Aside::key);
                let kept = key.zip(made).map(|(key, panel)| Effect::KeepOptimum(key, panel));
                return kept.into_iter().chain(self.aside_ended()).collect();
            }
            _ => {}
        }
        vec![]
    }

    /// Said in the view alone, and not begun again.
    pub(super) fn aside_failed(&mut self, why: Text) -> Vec<Effect> {
        if let Some((_, answer)) = self.growing() {
            answer.failed = Some(why);
        }
        self.aside_ended()
    }

    fn aside_ended(&mut self) -> Vec<Effect> {
        self.worker.end(Kind::Aside);
        self.aside.running = None;
        (self.aside.progress, self.aside.loading) = (None, None);
        self.follow_asides()
    }

    /// The worker has died. If it was at one of them, that may have been the cause.
    pub(super) fn aside_died(&mut self) {
        if self.worker.expects(Kind::Aside)
            && let Some((_, answer)) = self.growing()
        {
            answer.failed = Some(Text::key("crashed-aside"));
        }
        self.aside.running = None;
    }
}
