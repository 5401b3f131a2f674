//! What is asked about the image, how it is drawn, and what has been answered.

use std::rc::Rc;

use convscope_core::explain::Map;
use convscope_core::protocol::{Command, Event};
use convscope_core::render::Colormap;

use super::{Answer, Effect, Question, Shared, State, Technique};

/// A map on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The class it is about.
    pub class: usize,
    /// The map.
    pub map: Shared<Map>,
}

/// What is asked about the image, and the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplanationState {
    /// The chosen technique.
    pub technique: Technique,
    /// How it is asked.
    pub question: Rc<Question>,
    /// The chosen class.
    pub class: Option<usize>,
    /// The chosen layer.
    pub layer: Option<String>,
    /// At most one map a layer; those of an older class are replaced as the new ones come.
    pub shown: Vec<Shown>,
    /// What came back about a layer's channels.
    pub answer: Answer,
    /// Seconds that the last whole answer took.
    pub seconds: Option<f64>,
    /// Whether maps that have a sign are drawn with it.
    pub signed: bool,
    /// The colour map.
    pub colormap: Colormap,
    /// How opaque the heat is, 0 to 1.
    pub opacity: f32,
}

impl Default for ExplanationState {
    fn default() -> Self {
        Self {
            technique: Technique::default(),
            question: Rc::default(),
            class: None,
            layer: None,
            shown: vec![],
            answer: Answer::default(),
            seconds: None,
            signed: false,
            colormap: Colormap::default(),
            opacity: 0.6,
        }
    }
}

/// What happens to what is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum ExplanationAction {
    /// Another class.
    ChooseClass(usize),
    /// Another layer.
    ChooseLayer(String),
    /// Another technique.
    ChooseTechnique(Technique),
    /// Another way of asking; what cannot be asked at once waits for [`ExplanationAction::Climb`].
    Ask(Question),
    /// One feature map over the image, or none.
    ChooseChannel(Option<usize>),
    /// Climb to what makes filters fire.
    Climb,
    /// Cancel what is going on.
    Stop,
    /// Show the signed map, or the rectified one.
    ChooseSigned(bool),
    /// Another colour map.
    ChooseColormap(Colormap),
    /// How opaque the heat is, 0 to 1.
    ChooseOpacity(f32),
}

impl ExplanationState {
    /// The map of a layer, if it has come.
    pub fn map(&self, layer: &str) -> Option<&Shown> {
        self.shown.iter().find(|shown| shown.map.layer == layer)
    }

    /// The map of the chosen layer, or the one there is of a method that answers in the space of the input.
    pub fn current(&self) -> Option<&Shown> {
        let layer = self.layer.as_deref()?;
        self.map(layer).or_else(|| self.map("input"))
    }

    /// Whether a map is about a class that is no longer the chosen one.
    pub fn is_stale(&self, shown: Option<&Shown>) -> bool {
        self.technique == Technique::Classes && shown.is_some_and(|shown| Some(shown.class) != self.class)
    }

    /// Whether maps are drawn with their sign: it is wanted, and they have one.
    pub fn draws_sign(&self) -> bool {
        self.signed && self.technique == Technique::Classes && self.question.is_signed()
    }

    /// The feature map of the chosen layer that lies over the image: its channel.
    pub fn channel(&self) -> Option<usize> {
        self.answer.channel.as_ref().map(|(_, channel, _)| *channel)
    }

    /// Forgets what was found out about an image that is seen no more.
    pub(super) fn forget(&mut self) {
        self.shown.clear();
        self.seconds = None;
        // What makes filters fire does not depend on the image.
        if self.technique != Technique::Filters {
            self.answer = Answer::default();
        }
    }

    fn show(&mut self, shown: Shown) {
        match self.shown.iter_mut().find(|old| old.map.layer == shown.map.layer) {
            Some(old) => *old = shown,
            None => self.shown.push(shown),
        }
    }
}

impl State {
    pub(super) fn change_explanation(&mut self, action: ExplanationAction) -> Vec<Effect> {
        let explanation = &mut self.explanation;
        match action {
            ExplanationAction::ChooseClass(class) => return self.choose_class(class),
            ExplanationAction::ChooseLayer(layer) => {
                explanation.layer = Some(layer);
                return if explanation.technique.asks_at_each_layer() { self.ask() } else { vec![] };
            }
            ExplanationAction::ChooseTechnique(technique) => return self.choose_technique(technique),
            ExplanationAction::Ask(question) => return self.ask_otherwise(question),
            ExplanationAction::ChooseChannel(channel) => return self.choose_channel(channel),
            ExplanationAction::Climb => return self.climb(),
            ExplanationAction::Stop => return self.stop(),
            ExplanationAction::ChooseColormap(colormap) => {
                explanation.colormap = colormap;
                // The worker colours the sheets.
                return if explanation.technique == Technique::Activations { self.ask() } else { vec![] };
            }
            ExplanationAction::ChooseSigned(signed) => explanation.signed = signed,
            ExplanationAction::ChooseOpacity(opacity) => explanation.opacity = opacity.clamp(0.0, 1.0),
        }
        vec![]
    }

    /// Asks what the chosen technique asks at once. While something newer is on its way, its answer will bring the question with it.
    pub(super) fn ask(&mut self) -> Vec<Effect> {
        if self.image.observation.is_none() || !self.worker.answers() {
            return vec![];
        }
        let explanation = &mut self.explanation;
        let Some(command) = explanation.question.command(explanation) else { return vec![] };
        if let Command::Descend(descend) = &command {
            explanation.answer.new_panels(&descend.layer);
        }
        self.send(command)
    }

    pub(super) fn send(&mut self, command: Command) -> Vec<Effect> {
        self.explanation.seconds = None;
        vec![Effect::Send(self.worker.asking(), command)]
    }

    /// A part of the answer to the last question.
    pub(super) fn take_answer(&mut self, event: Event) -> Vec<Effect> {
        let explanation = &mut self.explanation;
        let answer = &mut explanation.answer;
        match event {
            Event::Shown { class, map } => explanation.show(Shown { class, map: map.into() }),
            Event::Panel(panel) => answer.take_panel(panel),
            Event::Progress { done, total } => answer.progress = Some((done, total)),
            Event::Explained { seconds } => {
                self.worker.answered();
                answer.progress = None;
                explanation.seconds = Some(seconds);
            }
            Event::Sheet { activation, drawing, columns } => {
                self.worker.answered();
                answer.take_sheet(activation, drawing, columns);
                return self.wanted_channel();
            }
            Event::Channel { layer, channel, plane, .. } => {
                self.worker.answered();
                answer.channel = Some((layer, channel, plane.into()));
            }
            Event::Saved { name, bytes } => {
                self.worker.answered();
                return vec![Effect::Download { name, bytes: Rc::from(bytes) }];
            }
            _ => {}
        }
        vec![]
    }

    fn choose_class(&mut self, class: usize) -> Vec<Effect> {
        if self.explanation.class == Some(class) && self.explanation.seconds.is_some() {
            return vec![];
        }
        self.explanation.class = Some(class);
        self.ask()
    }

    fn choose_technique(&mut self, technique: Technique) -> Vec<Effect> {
        if technique == self.explanation.technique || !self.offers(technique) {
            return vec![];
        }
        self.explanation.technique = technique;
        self.explanation.answer = Answer::default();
        self.fit_layer();
        if technique == Technique::Filters { self.stop() } else { self.ask() }
    }

    fn ask_otherwise(&mut self, question: Question) -> Vec<Effect> {
        let explanation = &mut self.explanation;
        let old = std::mem::replace(&mut explanation.question, Rc::new(question));
        if !explanation.question.asks_otherwise(&old, explanation.technique) {
            return vec![];
        }
        // Another method's maps are no older version of this one's.
        explanation.shown.clear();
        self.ask()
    }

    fn choose_channel(&mut self, channel: Option<usize>) -> Vec<Effect> {
        let layer = self.explanation.layer.clone();
        let (Some(channel), Some(layer), true) = (channel, layer, self.worker.answers()) else {
            self.explanation.answer.channel = None;
            return vec![];
        };
        self.send(Command::Channel { layer, channel })
    }

    /// Climbs to what makes filters fire.
    pub(super) fn climb(&mut self) -> Vec<Effect> {
        let layer = self.explanation.layer.clone().filter(|_| self.worker.answers());
        let Some(layer) = layer else { return vec![] };
        self.explanation.answer.new_panels(&layer);
        self.send(self.explanation.question.climb(layer))
    }

    /// Nothing that is still to come of the last question is wanted.
    fn stop(&mut self) -> Vec<Effect> {
        self.explanation.answer.progress = None;
        let ticket = self.worker.stopping();
        ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
    }
}
