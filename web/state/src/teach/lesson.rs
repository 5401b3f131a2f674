//! Lessons: the worker looks at one image after the other, then teaches.

use std::rc::Rc;

use convscope_core::error::{Fault, Result};
use convscope_core::import_message::OWN_MODEL;
use convscope_core::protocol::{Command, Event, Taught};
use convscope_core::teach::Examples;

use super::super::image::send_with;
use super::super::tickets::Kind;
use super::super::{Busy, Effect, ImageFile, ModelEntry, State, Text};
use super::{Known, Lecture, TeachHeat, TeachStep};

/// Name of a model that nobody has named.
const NAME: &str = "taught";

/// An image that is to be taught with.
struct Pupil {
    /// Its name, as a folder of folders would have it.
    name: String,
    label: String,
    photo: Rc<ImageFile>,
}

impl State {
    /// The images by name, the order in which a program finds them in folders.
    fn pupils(&self) -> Vec<Pupil> {
        let of_class = |class: &super::TeachClass| {
            let label = class.name.trim().to_owned();
            let pupil = |photo: &Rc<ImageFile>| Pupil {
                name: format!("{label}/{}", photo.name),
                label: label.clone(),
                photo: photo.clone(),
            };
            class.images.iter().map(pupil).collect::<Vec<_>>()
        };
        let mut pupils: Vec<Pupil> = self.teach.classes.iter().flat_map(of_class).collect();
        pupils.sort_by(|one, other| (&one.name, one.photo.serial).cmp(&(&other.name, other.photo.serial)));
        pupils
    }

    /// Whether there is something to teach with.
    pub fn can_teach(&self) -> bool {
        self.teach.step == TeachStep::Gathering && self.teach.classes.iter().any(|class| !class.images.is_empty())
    }

    pub(super) fn begin_lesson(&mut self) -> Vec<Effect> {
        if !self.can_teach() {
            return vec![];
        }
        self.teach.problem = None;
        let pupils = self.pupils();
        if pupils.iter().any(|pupil| pupil.label.is_empty()) {
            self.teach.problem = Some(Text::key("teach-nameless"));
            return vec![];
        }
        let labels: Vec<&str> = pupils.iter().map(|pupil| pupil.label.as_str()).collect();
        if let Err(error) = Examples::of_labels(&labels) {
            self.teach.problem = Some(Text::Engine(error.fault().clone()));
            return vec![];
        }
        self.teach.step = TeachStep::Looking(0, pupils.len());
        if self.model.chosen != self.teach.base {
            self.model.chosen.clone_from(&self.teach.base);
            return self.open();
        }
        if self.is_teach_due() { self.next_lesson() } else { vec![] }
    }

    /// Whether something is to be done for teaching, as soon as the worker is idle.
    pub(in super::super) fn lacks_lessons(&self) -> bool {
        let ready = self.model.ready.as_ref().map(|ready| ready.id.as_str());
        self.teach.open
            && match &self.teach.step {
                TeachStep::Gathering => false,
                TeachStep::Looking(..) | TeachStep::Fitting(..) => ready == Some(self.teach.base.as_str()),
                TeachStep::Taught(lecture) => ready == Some(lecture.taught.id.as_str()) && self.lacks_heat(lecture),
            }
    }

    /// Whether that can be done now.
    pub fn is_teach_due(&self) -> bool {
        let idle = self.worker.busy() == Busy::No && self.worker.answers() && !self.worker.expects(Kind::Teach);
        idle && self.lacks_lessons()
    }

    pub(super) fn next_lesson(&mut self) -> Vec<Effect> {
        match &self.teach.step {
            TeachStep::Gathering => vec![],
            TeachStep::Taught(lecture) => {
                let lecture = lecture.clone();
                self.next_heat(&lecture)
            }
            TeachStep::Looking(..) | TeachStep::Fitting(..) => self.next_look(),
        }
    }

    /// What features depend on.
    fn of(&self) -> (String, Option<String>) {
        (self.model.ready.as_ref().map(|ready| ready.hash.clone()).unwrap_or_default(), self.teach.layer.clone())
    }

    fn known(&self, photo: &ImageFile) -> Option<&Known> {
        let of = self.of();
        self.teach.known.get(&photo.serial).filter(|known| known.of == of)
    }

    /// Has the next image looked at, or teaches when all have been.
    fn next_look(&mut self) -> Vec<Effect> {
        let pupils = self.pupils();
        let (done, missing): (Vec<_>, Vec<_>) = pupils.iter().partition(|pupil| self.known(&pupil.photo).is_some());
        self.teach.step = TeachStep::Looking(done.len(), pupils.len());
        if let Some(Pupil { photo, .. }) = missing.first() {
            self.teach.looking = Some(photo.clone());
            let command = Command::Features { layer: self.teach.layer.clone(), file: vec![] };
            return vec![send_with(self.worker.begin(Kind::Teach), command, photo)];
        }
        match self.examples(&pupils) {
            Ok((examples, ..)) => {
                self.teach.step = TeachStep::Fitting(0, examples.all.len());
                let id = self.teach_id();
                let command = Command::Teach { id, layer: self.teach.layer.clone(), examples };
                vec![Effect::Send(self.worker.begin(Kind::Teach), command)]
            }
            Err(error) => self.lesson_ends(Text::Engine(error.fault().clone())),
        }
    }

    /// The examples with their images, those that are left out, and the seconds that looking at all of them took.
    #[expect(clippy::type_complexity, reason = "read by two, which take it apart at once")]
    fn examples(&self, pupils: &[Pupil]) -> Result<(Examples, Vec<Rc<ImageFile>>, Vec<(String, Text)>, f64)> {
        let labels: Vec<&str> = pupils.iter().map(|pupil| pupil.label.as_str()).collect();
        let mut examples = Examples::of_labels(&labels)?;
        let (mut images, mut left_out, mut seconds) = (vec![], vec![], 0.0);
        for Pupil { name, label, photo } in pupils {
            let Some(known) = self.known(photo) else { continue };
            seconds += known.seconds;
            match &known.seen {
                Err(fault) => left_out.push((name.clone(), Text::Engine(fault.clone()))),
                Ok((features, sha256)) => match examples.meet(name, label, sha256.clone())? {
                    Some(other) => left_out.push((name.clone(), Text::Own("teach-same-file", vec![("other", other)]))),
                    None => {
                        examples.add(name, label, features.clone());
                        images.push(photo.clone());
                    }
                },
            }
        }
        Ok((examples, images, left_out, seconds))
    }

    /// Id of the model that is to come: of the name that the person gave, in letters that every place takes.
    fn teach_id(&self) -> String {
        let other = |letter: char| !letter.is_alphanumeric() && !"_-.".contains(letter);
        let name = self.teach.name.split(other).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        let name = if name.is_empty() { NAME } else { &name };
        let own = format!("{OWN_MODEL}{name}");
        if self.teach.made.as_ref() == Some(&own) { own } else { format!("{OWN_MODEL}{}", self.free_id(name)) }
    }

    /// Nothing comes of it, and the person gathers again.
    fn lesson_ends(&mut self, why: Text) -> Vec<Effect> {
        self.teach.step = TeachStep::Gathering;
        self.teach.problem = Some(why);
        vec![]
    }

    pub(super) fn stop_teach(&mut self) -> Vec<Effect> {
        if matches!(self.teach.step, TeachStep::Looking(..) | TeachStep::Fitting(..)) {
            self.teach.step = TeachStep::Gathering;
        }
        self.teach.looking = None;
        let ticket = self.worker.stop(Kind::Teach);
        ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
    }

    pub(in super::super) fn take_teach(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Features { features, sha256, seconds, .. } => self.looked(Ok((features, sha256)), seconds),
            Event::Taught(taught) => self.taught(taught),
            Event::Progress { done, total } if matches!(self.teach.step, TeachStep::Fitting(..)) => {
                self.teach.step = TeachStep::Fitting(done, total);
                vec![]
            }
            other => self.take_heat(other),
        }
    }

    pub(in super::super) fn teach_failed(&mut self, fault: Fault) -> Vec<Effect> {
        match &self.teach.step {
            TeachStep::Looking(..) => self.looked(Err(fault), 0.0),
            TeachStep::Taught(_) => self.heat_failed(),
            _ => {
                self.worker.end(Kind::Teach);
                self.lesson_ends(Text::Engine(fault))
            }
        }
    }

    fn looked(&mut self, seen: std::result::Result<(Vec<f32>, String), Fault>, seconds: f64) -> Vec<Effect> {
        self.worker.end(Kind::Teach);
        let of = self.of();
        if let Some(photo) = self.teach.looking.take() {
            self.teach.known.insert(photo.serial, Known { of, seen, seconds });
        }
        if self.is_teach_due() { self.next_lesson() } else { vec![] }
    }

    /// The model is kept: it is offered, opened, and asked what it has learnt.
    fn taught(&mut self, taught: Taught) -> Vec<Effect> {
        self.worker.end(Kind::Teach);
        let base = self.model.ready.as_ref().map(|ready| ready.name.clone()).unwrap_or_default();
        let (examples, images, left_out, seconds) = match self.examples(&self.pupils()) {
            Ok(all) => all,
            Err(error) => return self.lesson_ends(Text::Engine(error.fault().clone())),
        };
        self.teach.made = Some(taught.id.clone());
        self.teach.heat = TeachHeat::of(examples.classes.len());
        let entry = ModelEntry { id: taught.id.clone(), name: taught.name.clone(), bytes: taught.bytes };
        let lecture = Lecture { taught, base, examples, images, left_out, seconds };
        self.teach.step = TeachStep::Taught(lecture.into());
        self.take_model(entry)
    }

    /// The worker has died. If it was at this, that may have been the cause.
    pub(in super::super) fn teach_died(&mut self) {
        if self.worker.expects(Kind::Teach) && !matches!(self.teach.step, TeachStep::Taught(_)) {
            self.lesson_ends(Text::key("crashed-teach"));
        }
        self.teach.looking = None;
    }
}
