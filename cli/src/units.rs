//! `units`: for each channel of a layer, the images and places that make it fire most.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use convscope::artifact::Artifact;
use convscope::card::LayersAsked;
use convscope::csv::line;
use convscope::error::{Error, Result};
use convscope::explain::BoundingBox;
use convscope::fault;
use convscope::image::Image;
use convscope::model::Model;
use convscope::nn::NodeId;
use convscope::render::{Captioned, captioned_sheet};
use convscope::request::{Layers, Request};
use pollster::block_on;

use super::bars::Steps;
use super::files::{Input, make_folder, write};
use super::listen::collect;
use super::open::With;
use super::say::{complain, note, print};
use super::stop;
use super::survey::walk;

/// Names of the files.
const TABLE: &str = "units.csv";
const SHEET: &str = "units.png";
/// Columns of the table: the box is what the network sees of the image at that place, in shares of what it sees of all of it.
const COLUMNS: [&str; 8] = ["channel", "rank", "image", "value", "left", "top", "width", "height"];

/// What is asked.
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// Folders of images, with all folders in them
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The layer
    #[arg(long, value_name = "LAYER")]
    layer: String,
    /// Channels that are drawn, with commas between them; the table has all of them
    #[arg(long = "channel", value_name = "CHANNEL", value_delimiter = ',')]
    channels: Vec<usize>,
    /// Images of each channel
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u8).range(1..))]
    top: u8,
    /// Folder for the results; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Image that makes a channel fire.
#[derive(Clone, Debug)]
struct Example {
    value: f32,
    /// Its place among all images.
    image: usize,
    /// Row and column of the cell.
    cell: [usize; 2],
}

/// The best examples of a channel, the best first; of equals, the one that came first.
struct Best(Vec<Example>);

impl Best {
    fn add(&mut self, one: Example, top: usize) {
        let place = self.0.iter().position(|other| other.value < one.value).unwrap_or(self.0.len());
        if place < top {
            self.0.insert(place, one);
            self.0.truncate(top);
        }
    }
}

pub(super) fn run(with: &With, ask: &Ask) -> Result<ExitCode> {
    let model = with.model(None)?;
    let layers = Layers::Named(vec![ask.layer.clone()]);
    let layer = model.layers(&layers, LayersAsked::One)?[0];
    let [channels, height, width] = model.network.graph().shape(layer);
    if let Some(channel) = ask.channels.iter().find(|&&channel| channel >= channels) {
        return Err(Error::Request(fault!(
            "units-no-channel",
            "{layer} has no channel {channel}; its channels are 0 to {last}",
            layer = ask.layer,
            channel,
            last = channels - 1
        )));
    }
    let images = walk::images(&ask.folders, &ask.out)?;
    make_folder(&ask.out)?;
    stop::on_signals();
    let request = Request { method: "activations".into(), layers, ..Request::default() };
    let mut best: Vec<Best> = (0..channels).map(|_| Best(vec![])).collect();
    let (steps, mut known, mut failed) = (Steps::new(images.len()), HashSet::new(), 0);
    for (index, image) in images.iter().enumerate() {
        if stop::asked() {
            return Err(Error::Cancelled);
        }
        let found = steps.step(image.name.clone(), || -> Result<Option<Vec<f32>>> {
            let input = Input::read(&image.path)?;
            if !known.insert(input.sha256()) {
                note(&format!("{} is the same file as another, and left out", image.name));
                return Ok(None);
            }
            let seen = block_on(model.observe_async(input.image.clone()))?;
            let sheet = collect(&seen, &request)?.into_iter().find_map(|artifact| match artifact {
                Artifact::Sheet(sheet) => Some(sheet.values),
                _ => None,
            });
            Ok(sheet)
        });
        let values = match found {
            Ok(Some(values)) => values,
            Ok(None) => continue,
            Err(error) => {
                complain(&error);
                failed += 1;
                continue;
            }
        };
        for (map, best) in values.chunks_exact(height * width).zip(&mut best) {
            let most = map.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let at = map.iter().position(|value| *value == most).unwrap_or_default();
            best.add(Example { value: most, image: index, cell: [at / width, at % width] }, usize::from(ask.top));
        }
    }
    let names: Vec<&str> = images.iter().map(|image| image.name.as_str()).collect();
    write(&ask.out, TABLE, &table(&model, layer, &best, &names))?;
    print(&format!("{channels} channels of {}: {}", ask.layer, ask.out.join(TABLE).display()))?;
    if !ask.channels.is_empty() {
        let mut panels = vec![];
        for &channel in &ask.channels {
            for one in &best[channel].0 {
                let view = model.manifest.preprocessing.view(&Image::open(&images[one.image].path)?);
                let lines = vec![format!("channel {channel}: {:.3}", one.value), names[one.image].to_owned()];
                panels.push(Captioned { image: crop(&view, seen(&model, layer, one.cell))?, lines });
            }
        }
        write(&ask.out, SHEET, &captioned_sheet(&panels, usize::from(ask.top))?.png()?)?;
        print(&ask.out.join(SHEET).display().to_string())?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The pixels `[first, behind the last]`, rows and then columns, that a cell sees; all of them where it sees the whole image.
fn seen(model: &Model, layer: NodeId, cell: [usize; 2]) -> [[usize; 2]; 2] {
    let graph = model.network.graph();
    let [_, height, width] = graph.shape_of(None);
    graph.receptive_field(layer).map_or([[0, height], [0, width]], |field| field.of(cell))
}

fn table(model: &Model, layer: NodeId, best: &[Best], names: &[&str]) -> Vec<u8> {
    let [_, height, width] = model.network.graph().shape_of(None);
    let mut text = line(COLUMNS);
    for (channel, best) in best.iter().enumerate() {
        for (rank, one) in best.0.iter().enumerate() {
            let [rows, columns] = seen(model, layer, one.cell);
            let share = |pixels: usize, side: usize| pixels as f64 / side as f64;
            let seen = BoundingBox {
                left: share(columns[0], width),
                top: share(rows[0], height),
                width: share(columns[1] - columns[0], width),
                height: share(rows[1] - rows[0], height),
            };
            let numbers = [seen.left, seen.top, seen.width, seen.height].map(|number| number.to_string());
            let first =
                [channel.to_string(), (rank + 1).to_string(), names[one.image].to_owned(), one.value.to_string()];
            text.extend(line(first.iter().chain(&numbers).map(String::as_str)));
        }
    }
    text
}

/// A part of an image.
fn crop(view: &Image, [rows, columns]: [[usize; 2]; 2]) -> Result<Image> {
    let width = view.width() as usize;
    let row = |row: usize| &view.rgb()[3 * (row * width + columns[0])..3 * (row * width + columns[1])];
    let rgb = (rows[0]..rows[1]).flat_map(|at| row(at).iter().copied()).collect();
    Image::from_rgb((columns[1] - columns[0]) as u32, (rows[1] - rows[0]) as u32, rgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_in_order() {
        let mut best = Best(vec![]);
        for (image, value) in [1.0, 3.0, 2.0, 3.0, 0.5].into_iter().enumerate() {
            best.add(Example { value, image, cell: [0, 0] }, 3);
        }
        assert_eq!(best.0.iter().map(|one| one.image).collect::<Vec<_>>(), [1, 3, 2]);
    }

    #[test]
    fn a_crop_is_the_pixels_of_the_box() {
        let image = Image::from_rgb(4, 3, (0..36).collect()).unwrap();
        let part = crop(&image, [[1, 3], [2, 4]]).unwrap();
        assert_eq!((part.width(), part.height()), (2, 2));
        assert_eq!(part.rgb(), [18, 19, 20, 21, 22, 23, 30, 31, 32, 33, 34, 35]);
    }
}
