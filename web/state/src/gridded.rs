//! What is seen of a grid of maps.

use convscope_core::explain::{AttributionMap, Comparison};
use convscope_core::image::Plane;
use convscope_core::nn::Graph;
use convscope_core::request::{Layers, Request};

use super::aside::Aside;
use super::form::same_way;
use super::grid::GridState;
use super::{Axis, Layered, Numbers, Overlay, Paint, Shared, State, Text};

/// What is seen of a grid of maps.
#[derive(Clone, Debug, PartialEq)]
pub struct Gridded {
    /// What differs from row to row, and from column to column.
    pub axes: [Axis; 2],
    /// Rows and columns.
    pub values: [Vec<String>; 2],
    /// Those that can be chosen for rows and columns.
    pub options: [Vec<String>; 2],
    /// The cells, row by row.
    pub cells: Vec<Cell>,
    /// Whether what differs from the first map is drawn.
    pub difference: bool,
    /// Maps that are still to come.
    pub missing: usize,
    /// Whether it waits for a person.
    pub waits: bool,
    /// Models that have yet to be loaded for it, and their bytes.
    pub loads: (usize, u64),
    /// Id of the model that is being loaded, with its bytes so far and in all.
    pub loading: Option<(String, u64, u64)>,
    /// Choices that can differ: those with more than one to choose from, and the ones that are chosen.
    pub offered: Vec<Axis>,
}

/// Cell of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The image, without anything over it.
    pub image: Layered,
    /// The map, once it has come.
    pub map: Option<Shared<AttributionMap>>,
    /// The largest number of all maps in the same units, which is the scale of all of them.
    pub most: f32,
    /// Whether it is on one scale with another cell.
    pub shared: bool,
    /// The first map of the grid, and whether this one is in its units; none of the first itself.
    pub first: Option<(Shared<AttributionMap>, bool)>,
    /// Why there is none: its method has no such convention, where nothing is said.
    pub failed: Option<Text>,
    /// Whether it is to come.
    pub comes: bool,
    /// The layer, where it is another than that of the cell, which the cell's model does not have.
    pub layer: Option<String>,
}

/// Numbers of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellNumbers {
    /// The map on its scale, 0 to 1, or what differs from the first, -1 to 1.
    pub overlay: Option<Overlay>,
    /// Pearson's correlation with the first map.
    pub correlation: Option<f32>,
    /// The largest difference from the first map, as a share of the scale; none of the first itself.
    pub largest: Option<f32>,
}

impl Cell {
    /// The numbers, drawn with a paint.
    pub fn numbers(&self, paint: Paint, difference: bool) -> CellNumbers {
        let Some(map) = &self.map else { return CellNumbers { overlay: None, correlation: None, largest: None } };
        let compared = self.first.as_ref().map(|(first, shared)| Comparison::of([first, map], *shared));
        let on_scale = || {
            let scale = if self.most > 0.0 { map.raw_maximum / self.most } else { 1.0 };
            let Plane { width, height, values } = &map.normalised;
            Plane::new(*width, *height, values.iter().map(|value| value * scale).collect())
        };
        let plane = |plane: Plane, paint| Overlay { numbers: Numbers::Plane(plane.into()), paint };
        let overlay = match &compared {
            // On the maps' own scale, so that what hardly differs is hardly seen.
            Some(Comparison { difference: less, largest, .. }) if difference => less.clone().map(|mut less| {
                less.values.iter_mut().for_each(|value| *value *= largest);
                plane(less, Paint::Signed)
            }),
            _ => map.blank.is_none().then(|| plane(on_scale(), paint)),
        };
        let correlation = compared.as_ref().and_then(|compared| compared.correlation);
        CellNumbers { overlay, correlation, largest: compared.map(|compared| compared.largest) }
    }
}

/// Whether the maps of two requests are in the same units and of the same image, so that one scale has a meaning.
fn same_units(one: &Aside, other: &Aside) -> bool {
    let layers = |request: &Request| request.layers.clone();
    (&one.photo, &one.model) == (&other.photo, &other.model)
        && same_way(&one.request, &other.request)
        && layers(&one.request) == layers(&other.request)
}

impl State {
    /// What is seen of the grid; none where it is closed.
    pub fn gridded(&self) -> Option<Gridded> {
        let GridState { rows, columns, difference, .. } = &self.grid;
        if !self.shows_grid() {
            return None;
        }
        let asides = self.grid_asides();
        let map = |aside: &Option<Aside>| self.answer(aside.as_ref()?)?.map.clone();
        let first = asides.first().and_then(|first| Some((first.clone()?, map(first)?)));
        let cell = |(index, aside): (usize, &Option<Aside>)| {
            let alike = |other: &&Option<Aside>| match (aside, other) {
                (Some(one), Some(other)) => same_units(one, other),
                _ => false,
            };
            let group: Vec<_> = asides.iter().filter(alike).filter_map(map).filter(|map| map.blank.is_none()).collect();
            let answer = aside.as_ref().and_then(|aside| self.answer(aside));
            let seen = answer.and_then(|answer| answer.seen.clone());
            let image = self.layered().bare();
            let image = match &seen {
                Some(seen) => Layered {
                    photo: aside.as_ref().and_then(|aside| aside.photo.clone()),
                    size: seen.size,
                    region: seen.region,
                    ..image
                },
                None => Layered { photo: None, ..image },
            };
            let beside = |(other, map): &(Aside, Shared<AttributionMap>)| {
                (map.clone(), aside.as_ref().is_some_and(|aside| same_units(aside, other)))
            };
            let asked = aside.as_ref().map(|aside| &aside.request.layers);
            let moved = |map: &Shared<AttributionMap>| match asked {
                Some(Layers::Named(names)) if map.layer != Graph::INPUT => !names.contains(&map.layer),
                _ => false,
            };
            Cell {
                layer: map(aside).filter(moved).map(|map| map.layer.clone()),
                image,
                map: map(aside),
                most: group.iter().fold(0.0, |most, map| most.max(map.raw_maximum)),
                shared: group.len() > 1,
                first: first.as_ref().filter(|_| index > 0).map(beside),
                failed: answer.and_then(|answer| answer.failed.clone()),
                comes: aside.is_some() && !answer.is_some_and(|answer| answer.whole || answer.failed.is_some()),
            }
        };
        let cells: Vec<Cell> = asides.iter().enumerate().map(cell).collect();
        let missing = cells.iter().filter(|cell| cell.comes).count();
        let axes = [rows.axis, columns.axis];
        // Packings are not known before somebody wants to see them.
        let unknown = self.model.packed.is_none() && self.model.list.len() > 1;
        let offers =
            |axis: &Axis| axes.contains(axis) || self.grid_options(*axis).len() > 1 || *axis == Axis::Codec && unknown;
        Some(Gridded {
            axes,
            offered: Axis::ALL.into_iter().filter(offers).collect(),
            loads: self.grid_loads(),
            loading: self.aside_loading(),
            values: [self.grid_values(rows), self.grid_values(columns)],
            options: [self.grid_options(rows.axis), self.grid_options(columns.axis)],
            missing,
            waits: missing > 0 && self.grid_waits(),
            difference: *difference,
            cells,
        })
    }

    /// The images of the grid as they are seen, row by row, and how many columns it has.
    pub(super) fn grid_scene(&self) -> Option<(usize, Vec<Layered>)> {
        let gridded = self.gridded()?;
        let paint = Paint::Heat(self.explanation.colormap);
        let layered =
            |cell: &Cell| Layered { overlay: cell.numbers(paint, gridded.difference).overlay, ..cell.image.clone() };
        Some((gridded.values[1].len(), gridded.cells.iter().map(layered).collect()))
    }
}
