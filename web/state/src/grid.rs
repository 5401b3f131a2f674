//! Grid of maps: two choices against each other, up to four by four, on the same terms as what is seen otherwise.

use std::rc::Rc;

use convscope_core::card::LayersAsked;
use convscope_core::request::{Layers, Request};

use super::aside::Aside;
use super::axis::{MOST, Side};
use super::{Axis, ConventionsAction, Effect, ImageFile, State, gives_maps};

/// Rows, and columns, where nobody has chosen them.
const USUAL: usize = 3;
/// Classes and images that are offered.
const OFFERED: usize = 12;

/// What a grid is of, before it is laid out: the request that would be made of what is chosen, and the image's number.
pub(super) type Subject = (Request, u64);

/// What a person has asked to be made, however long it takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Made {
    subject: Subject,
    /// Models that are loaded for it.
    models: Vec<String>,
}

/// Grid of maps.
#[derive(Clone, Debug, PartialEq)]
pub struct GridState {
    /// Whether it is seen.
    pub open: bool,
    /// Rows.
    pub(super) rows: Side,
    /// Columns.
    pub(super) columns: Side,
    /// Whether what differs from the first map is drawn instead of the maps.
    pub difference: bool,
    /// Whether a person has asked for it, so that it may take more than a moment.
    pub(super) asked: bool,
    /// What a person has asked to be made that takes its time.
    pub(super) made: Option<Made>,
}

impl Default for GridState {
    fn default() -> Self {
        let (rows, columns) = (Side { axis: Axis::Class, chosen: vec![] }, Side { axis: Axis::Layer, chosen: vec![] });
        Self { open: false, rows, columns, difference: false, asked: false, made: None }
    }
}

/// Action on the grid of maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GridAction {
    /// Open it, or close it.
    Open(bool),
    /// Choose what differs from row to row (0) or from column to column (1).
    ChooseAxis(usize, Axis),
    /// Put one into the rows or the columns, or take it out.
    Toggle(usize, String),
    /// Draw what differs from the first map, or the maps.
    ShowDifference(bool),
    /// Make the maps, however long it takes.
    Make,
    /// Make no more of them.
    Stop,
}

impl State {
    /// Whether the chosen method's maps can be laid out in a grid.
    pub fn can_grid(&self) -> bool {
        self.image.observation.is_some() && self.card().is_some_and(|card| gives_maps(card) && card.asks.class)
    }

    /// Whether a grid is seen.
    pub fn shows_grid(&self) -> bool {
        self.grid.open && self.can_grid()
    }

    /// Those that can be put into the rows or the columns, the ones that are seen now first.
    pub fn grid_options(&self, axis: Axis) -> Vec<String> {
        let explanation = &self.explanation;
        match axis {
            Axis::Class => {
                let seen = explanation.target.as_ref().and_then(|target| target.single());
                let classes = self.image.observation.iter().flat_map(|seen| seen.classes.iter());
                let others = classes.map(|class| class.index).filter(|index| Some(*index) != seen);
                seen.into_iter().chain(others).take(OFFERED).map(|index| index.to_string()).collect()
            }
            Axis::Layer => {
                let chosen = explanation.layer.as_ref();
                // The late ones are about the class.
                let late = self.layers().into_iter().rev().map(|tap| tap.name.clone());
                let (mut first, others): (Vec<_>, Vec<_>) = late.partition(|name| Some(name) == chosen);
                first.extend(others);
                first
            }
            Axis::Method => {
                let quick = |id: &str| {
                    let card = self.card_of(id);
                    card.is_some_and(|card| {
                        gives_maps(card) && card.asks.class && !card.is_expensive() && self.offers(card)
                    })
                };
                let others =
                    self.model.methods.iter().map(|card| card.id.as_ref()).filter(|id| *id != explanation.method);
                std::iter::once(&*explanation.method).chain(others.filter(|id| quick(id))).map(str::to_owned).collect()
            }
            Axis::Convention => {
                let conventions = self.card().map(|card| &card.conventions[..]).unwrap_or_default();
                conventions.iter().map(|variant| variant.name.to_string()).collect()
            }
            Axis::Model => {
                let own = self.model.ready.as_ref().map(|ready| &ready.id);
                let others = self.model.list.iter().map(|entry| &entry.id).filter(|id| Some(*id) != own);
                own.into_iter().chain(others).cloned().collect()
            }
            Axis::Codec => self.grid_codecs(),
            Axis::Image => {
                let others = self.image.tray.iter().rev().filter(|photo| Some(*photo) != self.image.photo.as_ref());
                let all = self.image.photo.iter().chain(others).take(OFFERED);
                all.map(|photo| photo.serial.to_string()).collect()
            }
        }
    }

    /// The rows, or the columns: those that were chosen, or the usual ones.
    pub(super) fn grid_values(&self, side: &Side) -> Vec<String> {
        let options = self.grid_options(side.axis);
        let chosen: Vec<String> = side.chosen.iter().filter(|one| options.contains(one)).take(MOST).cloned().collect();
        if !chosen.is_empty() {
            return chosen;
        }
        options.into_iter().take(USUAL).collect()
    }

    fn photo(&self, serial: &str) -> Option<Rc<ImageFile>> {
        let all = self.image.photo.iter().chain(&self.image.tray);
        all.into_iter().find(|photo| photo.serial.to_string() == serial).cloned()
    }

    /// The request of a cell; none where its method has no such convention.
    pub(super) fn cell_aside(&self, picks: [(Axis, &str); 2]) -> Option<Aside> {
        let picked = |axis: Axis| picks.iter().find(|(one, _)| *one == axis).map(|(_, value)| *value);
        let card = picked(Axis::Method).map_or_else(|| self.card(), |id| self.card_of(id))?;
        let mut request = self.request_at_one_layer(card)?;
        if let Some(class) = picked(Axis::Class) {
            request.target = Some(class.parse::<usize>().ok()?.into());
        }
        if let Some(layer) = picked(Axis::Layer).filter(|_| card.asks.layers != LayersAsked::None) {
            request.layers = Layers::Named(vec![layer.to_owned()]);
        }
        if let Some(convention) = picked(Axis::Convention) {
            request.convention = card.variant(convention).ok().filter(|_| !convention.is_empty())?.name.to_string();
        }
        let photo = match picked(Axis::Image) {
            Some(serial) => self.photo(serial)?,
            None => self.image.photo.clone()?,
        };
        let model = self.cell_model(picked(Axis::Model), picked(Axis::Codec))?;
        Some(Aside { model, ..self.aside(request, Some(photo))? })
    }

    /// The requests of all cells, row by row.
    pub(super) fn grid_asides(&self) -> Vec<Option<Aside>> {
        let GridState { rows, columns, .. } = &self.grid;
        let columns_values = self.grid_values(columns);
        let row = |row: String| {
            let cell = |column: &String| self.cell_aside([(rows.axis, &row), (columns.axis, column)]);
            columns_values.iter().map(cell).collect::<Vec<_>>()
        };
        self.grid_values(rows).into_iter().flat_map(row).collect()
    }

    /// The requests that the grid takes, those of one model after each other; none while it waits for a person.
    pub(super) fn grid_wants(&self) -> Vec<Aside> {
        let wanted = self.shows_grid() && !self.grid_waits();
        let mut wants: Vec<Aside> = if wanted { self.grid_asides().into_iter().flatten().collect() } else { vec![] };
        let place = |model: &String| self.model.list.iter().position(|entry| entry.id == *model);
        wants.sort_by_key(|aside| aside.model.as_ref().map(place));
        wants
    }

    fn grid_subject(&self) -> Option<Subject> {
        Some((self.request_at_one_layer(self.card()?)?, self.image.photo.as_ref()?.serial))
    }

    /// Whether it waits for a person: its method takes its time or other models have to be loaded, and that was not asked for this, or a link
    /// has opened it and it does not take little.
    pub fn grid_waits(&self) -> bool {
        let asides = self.grid_asides();
        let loads: Vec<&String> = asides.iter().flatten().filter_map(|aside| aside.model.as_ref()).collect();
        if !loads.is_empty() || self.card().is_some_and(|card| card.is_expensive()) {
            let made = self.grid.made.as_ref().filter(|made| Some(&made.subject) == self.grid_subject().as_ref());
            return made.is_none_or(|made| loads.iter().any(|model| !made.models.contains(model)));
        }
        !self.grid.asked && !self.takes_little(asides.len())
    }

    pub(super) fn change_grid(&mut self, action: GridAction) -> Vec<Effect> {
        self.link.then = None;
        let mut effects = vec![];
        match action {
            GridAction::Open(open) => {
                self.grid.open = open && self.can_grid();
                (self.grid.asked, self.grid.made) = (true, None);
                effects = self.look_at_one();
            }
            GridAction::ChooseAxis(side, axis) => {
                // The two differ: what would be on both changes places.
                let other = self.side(1 - side.min(1)).clone();
                let this = std::mem::take(self.side(side));
                if other.axis == axis {
                    *self.side(1 - side.min(1)) = this;
                    *self.side(side) = other;
                } else {
                    *self.side(side) = Side { axis, chosen: vec![] };
                }
            }
            GridAction::Toggle(side, value) => {
                let chosen_from = self.side(side).clone();
                let (mut chosen, options) = (self.grid_values(&chosen_from), self.grid_options(chosen_from.axis));
                match chosen.iter().position(|one| *one == value) {
                    Some(_) if chosen.len() == 1 => {}
                    Some(at) => _ = chosen.remove(at),
                    None if chosen.len() < MOST => chosen.push(value),
                    None => {}
                }
                chosen.sort_by_key(|one| options.iter().position(|option| option == one));
                self.side(side).chosen = chosen;
            }
            GridAction::ShowDifference(difference) => self.grid.difference = difference,
            GridAction::Make => {
                let models = self.grid_asides().into_iter().flatten().filter_map(|aside| aside.model).collect();
                let made = self.grid_subject().map(|subject| Made { subject, models });
                (self.grid.asked, self.grid.made) = (true, made);
            }
            GridAction::Stop => (self.grid.asked, self.grid.made) = (false, None),
        }
        effects.extend(self.describe_models());
        effects.extend(self.follow_asides());
        effects
    }

    /// Looks at one thing where there are several: in the place of the stage the grid, or else what is compared; beside the stage a place
    /// that is looked into, or else conventions or packings.
    pub(super) fn look_at_one(&mut self) -> Vec<Effect> {
        if self.grid.open {
            self.drill.place = None;
            self.let_go();
        }
        let other = self.grid.open || self.drill.place.is_some();
        if !other {
            return vec![];
        }
        let conventions =
            if self.conventions.open { self.change_conventions(ConventionsAction::Open(false)) } else { vec![] };
        conventions.into_iter().chain(self.close_fidelity()).collect()
    }

    fn side(&mut self, side: usize) -> &mut Side {
        if side == 0 { &mut self.grid.rows } else { &mut self.grid.columns }
    }

    /// The grid as a link says it.
    pub(super) fn grid_link(&self) -> [Option<String>; 2] {
        let open = self.shows_grid();
        [&self.grid.rows, &self.grid.columns].map(|side| open.then(|| side.encode()))
    }

    /// Opens the grid that a link says, where there can be one, or closes it.
    pub(super) fn follow_grid(&mut self, rows: Option<&str>, columns: Option<&str>) {
        match rows.and_then(Side::parse).zip(columns.and_then(Side::parse)) {
            Some((rows, columns)) if rows.axis != columns.axis && self.can_grid() => {
                let same = (&self.grid.rows, &self.grid.columns) == (&rows, &columns);
                let asked = self.grid.asked && self.grid.open && same;
                let made = self.grid.made.take().filter(|_| asked);
                self.grid = GridState { open: true, rows, columns, asked, made, ..self.grid };
            }
            _ => self.grid.open = false,
        }
    }
}
