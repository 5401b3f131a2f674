# What the page says, in English. `**bold**` and `` `code` `` are shown as such.
language = Language
title = Convscope: see where an image classifier looks

# Header
tagline = See where an image classifier looks before it decides.
private = Nothing leaves your machine.
model = Model
models-loading = Loading the list…
device = Device
device-auto = Best available
device-gpu = GPU (WebGPU)
device-cpu = CPU
drop = Drop an image or a model anywhere

# Status
status-stopped = The engine has stopped
status-starting = Starting the engine…
status-program = Starting the engine: { $done } of { $total }
status-loading = Loading the weights: { $done } of { $total }
status-looking = Running the network…
status-explaining = Explaining…
status-weights = Weights loaded
status-working = Working
status-no-gpu = (no GPU that WebGPU can use)
hash = Hash

# Alert
again = Try again
restart = Restart
reload = Load it
new-version = A newer version of this page is ready. What is seen comes back when it is loaded.
load-cancel = Cancel
load-cancelled = Loading the model was cancelled.
dismiss = Dismiss
from-engine = { $text }
no-models = There is no model beside the page; pack one and build the page again.
no-such-model = There is no model { $model } here, so { $first } is shown.
crashed = The engine stopped ({ $why }); start it again, with a smaller image or on the CPU if it stops once more.
crashed-gpu = The engine stopped, because the GPU refused some of its work; started again, it runs on the CPU.
crashed-gone = The engine was ended by the browser, perhaps for want of memory; start it again, with a smaller image or a smaller model if it ends once more.
gpu-unusable = This browser gives the page no GPU that it can use here, so the page goes on with the CPU.
model-goes-on = { $name } goes on.
status-silent = The engine gives no sign of life.
silent-seconds = { $seconds } s so far
silent-restart = If this machine is slow or has other work to do, wait; otherwise start the engine again. What is seen stays.
hangs-starting = Nothing has come of the engine's program for 20 seconds. See whether you are online, or restart it.
gpu-lost = The browser lost the GPU ({ $why }), so the engine has been started again.
gpu-lost-again = The browser lost the GPU once more ({ $why }), so the engine goes on with the CPU.
not-kept-full = { $name } works, but cannot be kept for the next visit: this browser has no more room for this page. Delete a stored model, under “Needs the network”.
not-kept = { $name } works, but cannot be kept for the next visit: this browser refuses ({ $why }).
cannot-draw = This browser cannot draw the image, though it can be explained; use PNG or JPEG.

# Image
picture = Image
image-choose = Choose an image
image-hint = or drop or paste one anywhere
bundle-line = Bundle { $name }
bundle-title = Evidence bundle { $name }
bundle-close = Close the bundle
bundle-command = The command line that repeats it:
bundle-same = The map made again here is the same to the last bit.
bundle-agrees = The map made again here agrees: at most { $largest } of the scale apart.
bundle-differs = The map made again here differs by up to { $largest } of the scale.
bundle-with-image = { $name } (SHA-256 { $hash }…), in the bundle
bundle-without-image = { $name } (SHA-256 { $hash }…) is not in the bundle: choose its file, and the view comes back
bundle-asked = Asked
bundle-made = Made by
bundle-files = Files
bundle-checked = { $count } files, { $size }; all have the SHA-256 that the manifest says
bundle-large = { $name } has more than { $most } MB, as no bundle of this page has; check it with `convscope verify`.
example-cat = Cat
example-coffee = Coffee
example-rocket = Rocket

# Classes
classes-title = What it sees
classes-hint = Choose a class to see what speaks for it.
domain = This model was made for { $images }; it gives any other image one of its classes, too.
classes-search = Search all { $count } classes
classes-placeholder = for example: zebra
classes-none = No class has that name or index, or one near to it.
classes-near = No class is called “{ $text }”; near to it:
target = What is explained
target-help = A class by index or name, top2, a contrast such as 285 - 282 or tabby - tiger cat, not 285, or a weighted sum such as 285 + 0.5 * 282. A name with a sign between spaces stands in double quotes.
target-hint = A class by index or name, a contrast such as 285 - 282, or a weighted sum.
target-placeholder = for example: 285 - 282
target-pin = Keep this class for other images
target-logit = logit { $logit }

# Workspace
stage = Image and map
answers = Results
pane-left = images and classes
pane-right = method and trust
pane-below = layers
pane-open = Open { $pane }
pane-edge = Width of { $pane }
pane-close = Close { $pane }
sheet-tabs = More
sheet-explain = Explain
sheet-compare = Compare
more = Settings
model-card = About the model
model-about = { $description } Licence: { $licence }. Source: { $source }.
offline-yes = Works offline
offline-no = Needs the network
offline-unknown = Storage
about = What it shows, its limits, the paper
about-title = Key: I
blink = Hold: image only
blink-title = The image without its map for as long as this is held; key: B
blend = Opacity follows
blend-by-value = by value
blend-plain = everywhere
blend-fixed = This convention draws the map over the image in a way of its own.
outline = Outline
outline-title = A contour line, and a divider between image and heat
outline-none = Outlines are drawn over one map alone, not over several beside each other
contour = Contour line
contour-level = At
split = Divide image and heat
split-divider = Divider: the image at its left, the heat at its right

# Methods
techniques = Methods
technique = Method
look-map = heat on the object itself; heat beside it means that the network leans on the surroundings.
look-sheet = how early layers keep edges and colours, and late ones a few abstract signs.
look-patterns = textures and parts that come back with other seeds.
look-channels = the part of the image that a channel answers to.
look-curve = how far the map's curve is from those of maps that know nothing of the network.
look-number = how far the map's number is from those of maps that know nothing of the network.
technique-missing = This model has no classifier, so there is no class to explain.
look-for = Look for
not-proved = Mind:
paper = Paper:

# Forms
measured = Map of
convention = Convention
convention-paper = as in the paper
convention-keras_notebook = as in the notebook
convention-pytorch_grad_cam = as pytorch-grad-cam has it
convention-torch_cam = as torch-cam has it
convention-tf_keras_vis = as tf-keras-vis has it
convention-captum = as captum has it
convention-xplique = as xplique has it
convention-lucid = as lucid has it
family-cam = Class maps
family-gradient = Gradients
family-decomposition = Decomposition
family-perturbation = Perturbation
family-channel = Channels
family-synthesis = Synthesis
family-metric = Measures
choice-scaling-channel = Each channel by itself
choice-scaling-layer = All by the layer's largest
choice-mode-all = The whole map
choice-mode-max = Its maximum alone
choice-rule-gradient = Gradient
choice-rule-guided_backprop = Guided backpropagation
choice-rule-deconvnet = Deconvnet
choice-objective-channel = Channel
choice-objective-neuron = Neuron
choice-objective-direction = Direction
choice-dreamt-layer = The whole layer
choice-dreamt-channels = Single channels
choice-baseline-zero = 0 at the input
choice-baseline-mean = The image's mean colour
choice-baseline-grey = Mid-grey
choice-baseline-black = Black
choice-baseline-white = White
choice-baseline-blur = The image, blurred
choice-baseline-noise = Noise
choice-regions-superpixels = Superpixels
choice-regions-grid = Grid
choice-colours-true = True
choice-colours-as_stored = First channel as red
choice-reduction-colours = None, in colours
choice-reduction-max = Largest magnitude
choice-reduction-sum = Sum of magnitudes
choice-reduction-signed = Sum with its sign
choice-combine-mean = Mean
choice-combine-squared = Mean of squares
choice-combine-variance = Variance
choice-rule-gauss_legendre = Gauss-Legendre
choice-rule-left = Left ends
choice-rule-right = Right ends
choice-rule-middle = Middles
choice-rule-trapezoid = Trapezoids
choice-order-most = What is ranked highest first
choice-order-least = What is ranked lowest first
choice-score-probability = Probability
choice-score-logit = Logit
choice-compare-all = Maps that know nothing
choice-compare-none = Nothing
choice-randomize-cascading = From the classes down
choice-randomize-independent = One stage at a time
choice-scale-best = As fits best
choice-scale-own = As it is
choice-shared-difference = The difference from the baseline
choice-shared-whole = The whole score
choice-similarity-spearman = Ranks (Spearman)
choice-similarity-ssim = Structure (SSIM)
convention-rise = as in RISE
convention-softmax = the softmax probability
convention-logit = the logit
choice-baselines-shuffled = Shuffled pixels
choice-baselines-uniform = Uniform noise
choice-baselines-colour = A random colour
choice-baselines-images = Other images given
choice-composite-epsilon = Epsilon
choice-composite-epsilon_plus = Epsilon and z-plus
choice-composite-epsilon_plus_flat = Epsilon and z-plus, flat first
choice-composite-epsilon_gamma_box = Epsilon and gamma, box first
choice-composite-epsilon_alpha2_beta1 = Epsilon and alpha2-beta1
choice-composite-alpha1_beta0 = Alpha1-beta0
choice-composite-alpha2_beta1 = Alpha2-beta1
value-wrong = { $title }: “{ $value }” does not fit; it must be { $range }.
range = from { $min } to { $max }
range-box = four shares of the image's sides as in 0.25,0.25,0.5,0.5
range-weights = channels with weights as in 3, -0.5*7, or random
range-channels = numbers as in 3,7 or 0..63, the best few as in top4, or all
range-seed = a whole number from 0
range-choice = one of { $names }
run = Run
stop = Stop
run-dropped = What was running has been stopped at { $done } of { $total } steps; it can be run again.
run-progress = { $done } of { $total } steps
signed = With sign
signed-title = Red speaks for the class, blue against it

# Caption
caption-map = What speaks for **{ $class }** ({ $probability }) in `{ $layer }`.
caption-pixels = What speaks for **{ $class }** ({ $probability }) in the pixels.
caption-pixels-signed = What speaks for (red) and against (blue) **{ $class }** ({ $probability }) in the pixels.
caption-any = { $method } of layer `{ $layer }`.
caption-another = The other image is { $name }.
caption-sum = Its places add up to **{ $sum }**.
caption-signed = What speaks for (red) and against (blue) **{ $class }** ({ $probability }) in `{ $layer }`.
caption-heat-there = It is brightest { $peak }, and half of its heat lies there, on { $share } of what the network saw.
caption-heat-one = It is brightest { $peak }; half of its heat lies { $place }, on { $share } of what the network saw.
caption-heat-two = It is brightest { $peak }; half of its heat lies { $place } and { $other }, on { $share } of what the network saw.
caption-heat-many = It is brightest { $peak }; half of its heat is spread over { $share } of what the network saw.
caption-heat-even = The heat is even: no place is brighter than the others.
caption-signs = What speaks for the class is strongest { $above }, what speaks against it { $below }.
caption-signs-for = What speaks for the class is strongest { $above }; nothing speaks against it.
caption-signs-against = What speaks against the class is strongest { $below }; nothing speaks for it.
caption-unlikely = The network gives this class less than 0.1 %: the map shows what little speaks for it, as bright as any other.
caption-blank = This map is blank: { $why }.
caption-offer-signed = Show it with its sign
caption-how = { $method }, { $convention }
caption-seconds = all layers in { $seconds } s
seconds = in { $seconds } s
caption-part = the network sees the middle of the image only
blank-not-finite = it holds numbers that are infinite or not a number
blank-no-gradient = no gradient of the class reaches this layer
blank-saturated-softmax = the softmax is saturated, so its gradient vanishes: explain the logit instead, as the paper does
blank-dead-layer = every activation of this layer is zero
blank-all-negative = all that this layer shows speaks against the class, as the signed map shows
blank-no-effect = no change of the image changed the score of the class
blank-nothing-in-common = no place is bright in the maps of all layers
blank-cancelled = what speaks for the class and what speaks against it cancel at every place of this layer
diagnosis-uniform = The map is the same everywhere, so its bright places mean nothing.
diagnosis-one-place = The layer has a single place, so its map is one number and shows no place in the image.
diagnosis-saturated = The probability is so near 1 that its gradient all but vanishes, and the map is made of what is left.
diagnosis-same-for-classes = The map is the same as for the class before, so it does not tell what the class depends on.
diagnosis-coincide = Behind this layer everything is averaged over all places, so Grad-CAM, HiResCAM and XGrad-CAM are one and the same here.
advice-not-finite = Check the model's preprocessing and weights.
advice-no-gradient = Choose another layer, or a method that covers parts of the image.
advice-saturated = Explain the logit, or a contrast with the second class.
advice-dead-layer = Choose an earlier layer, and check the preprocessing: a wrong scale or mean kills layers.
advice-all-negative = Look at the map with its sign, or ask what speaks against the class.
advice-nothing-in-common = Fuse the maps of the layers by another rule, or choose one layer.
advice-cancelled = Choose an earlier layer, where they lie at different places.
advice-no-effect = Take larger squares or fewer cells, or explain the logit.
advice-uniform = Choose another layer, or a method that weighs place by place.
advice-one-place = Choose an earlier layer, which has more places.
advice-same-for-classes = Trust it as a picture of edges at most; ask for a contrast of the two classes, or use another method.
advice-coincide = Choose an earlier layer to tell them apart.

# What those hear who do not see the image
seen-nothing = No image yet
seen-image = The image { $name }
seen-channel = The image { $name } with feature map { $channel } of layer { $layer } laid over it
seen-heat = The image { $name } with the evidence for { $class } laid over it. { $lies }
seen-blank = The image { $name } with the evidence for { $class } laid over it; the map is blank
place-top-left = at the top left
place-top-centre = at the top
place-top-right = at the top right
place-middle-left = on the left
place-middle-centre = in the middle
place-middle-right = on the right
place-bottom-left = at the bottom left
place-bottom-centre = at the bottom
place-bottom-right = at the bottom right
place-everywhere = everywhere alike

# Controls
opacity = Heat
colours = Colours
scale-less = less
scale-more = more evidence
scale-against = against
scale-for = for the class
scale-weaker = weaker
scale-stronger = stronger
colormap-inferno = Inferno
colormap-viridis = Viridis
colormap-cividis = Cividis
colormap-turbo = Turbo
colormap-jet = Jet

# Layers
layers = Layers
layers-hint = from edges to objects
layers-keys = ; ← → to walk
layer-title = { $layer }: { $channels } channels of { $height } × { $width }
fused-title = All layers in one map: at each place the largest number
fused-mean-title = All layers in one map: at each place the mean
fused-product-title = All layers in one map: at each place the product, which is what every layer shows
glance-words = Correlation with the last layer's map: { $correlation }; entropy: { $entropy }.
glance-inside = In the box: { $share }.
glance-legend-title = The bars below each map: its correlation with the last layer's map (pale where negative), the entropy of its heat (0 in one place, 1 everywhere alike), and the share of its heat in the box that was drawn
glance-like = like the last
glance-spread = spread
glance-in-box = in the box
preview = In passing: { $layer }
blank = blank

# Activations
sheet-title = All channels
sheet-words = { $channels } feature maps of { $height } × { $width }.
sheet-silent = { $count ->
    [one] One of them is zero everywhere: black.
   *[other] { $count } of them are zero everywhere: black.
}
sheet-hint = Click a tile to lay it over the image.
channel-over = Channel { $channel } lies over the image.
channel-away = Take it away
channel = channel { $channel }
channels-together = several channels together
strongest = Strongest channels
strongest-words = Layer `{ $layer }`: mean { $mean }, maximum { $maximum }, { $zeros } zeros. Its channels by sum; choose one to lay it over the image:
no-classifier = This model has no classifier, so there is no class to explain.

# Images of channels
panels-share = Layer `{ $layer }`: feature maps of the channels that drove the score there. Below each: its part of the score as a share of all that speaks for it, and the part itself.
panels-sum = Layer `{ $layer }`. Below each image: the sum of the channel's feature map.
panels-objective = Layer `{ $layer }`. Below each pattern: how strongly what it is made for (a filter, a neuron or a direction) fires, at the start and now.
panels-logit = Below each image: the class's logit (`{ $layer }`), at the start and now.
panels-squares = Below each image: half the mean square of what layer `{ $layer }`, or a channel of it, gives: in the photograph and now.
panel-sum = sum { $sum }
panel-dead = does not fire
panel-below = the logit stays below 0

# Grid of maps
grid-open = Grid
grid-title = Maps of two choices against each other: classes, layers, methods, conventions, models, packings or images
grid-rows = Rows
grid-columns = Columns
grid-classes = Classes
grid-conventions = Conventions
grid-models = Models
grid-codecs = Packings
grid-images = Images
grid-make-loading = Make { $count } maps; { $models ->
    [one] another model is loaded
   *[other] { $models } other models are loaded
} ({ $size })
grid-loading = Loading { $model }: { $done } of { $total }
grid-which = { $count } chosen
grid-difference = less the first
grid-make = Make { $count } maps
grid-first = the first
grid-none = not offered
grid-differs = r { $correlation } · Δ { $largest }
grid-caption = Grid of maps. Rows: { $rows }. Columns: { $columns }. The same everywhere: { $same }.
grid-caption-difference = Drawn is each map less the first.
grid-scale = Maps of one image, layer, method and convention are on one scale, all others on their own. r: correlation with the first map; Δ: largest difference from it.

survey-stored = Findings of { $count } images from earlier surveys are kept on this machine, but not the images: open their folder again, and the survey goes on from there.
survey-open = Survey these { $count } images
survey-open-title = What the model says of all of them, and what it looks at
survey-title = Data set
survey-start = Look at { $count } images
survey-anew = Look again with what is chosen now
survey-go-on = Go on
survey-stop = Stop
survey-progress = { $done } of { $count } images
survey-how = { $model }, maps by { $method }, last layer. Labels are the names of the folders that the images lie in, where there are at least two.
survey-stale = Another model or another method is chosen by now.
survey-save-table = CSV
survey-save-page = Page
survey-save-all = Everything (zip)
survey-right = **{ $share } % right** ({ $count } of { $of } images with a label; 95 % interval { $low } to { $high } %).
survey-no-labels = No label of an image is a class of the model, so nothing is said of right and wrong.
survey-calibration = On the mean, a probability is { $error } % away from how often it is right.
survey-twice = Files that are there more than once: { $count }.
survey-failed = Without a result: { $count }.
survey-blank = With a blank map: { $count }.
survey-confusion = What is taken for what
survey-label = Label
survey-no-label = none
survey-others = { $count } others
survey-cell = { $count } images of { $label } taken for { $class }
survey-filters = Which images are shown
survey-every = all
survey-class = Taken for
survey-judged = Answer
survey-is-right = right
survey-is-wrong = wrong
survey-certainty = Certainty
survey-is-sure = sure (90 % or more)
survey-is-unsure = unsure
survey-shown = { $count } images, wrong ones first. Arrow keys walk, Enter shows the image on the stage.
survey-gallery = Images of the data set
survey-taken = { $class } { $probability }
survey-taken-wrong = { $class } { $probability }, not { $label }
survey-means = Where each class is seen
survey-means-hint = The mean of the maps of all images that are taken for a class. Heat that stays in one place whatever the image shows may be a mark that gives the class away.
survey-marks = Told by a mark
survey-marks-hint = A classifier may tell a class by what is not the thing itself, such as a watermark. Looked for is heat in one small place, over the same pixels, that the class hangs on (spectral relevance analysis, Lapuschkin et al. 2019, and a test by covering).
survey-find-marks = Look for marks
survey-marks-begun = Looking for marks …
survey-marks-left = Looking for marks: { $count } places left …
survey-marks-none = No mark was found.
survey-marks-found = Marks found: { $count }.
survey-cue = { $count } of { $of } images that are taken for { $class }: heat { $place }, over the same patch; with it covered, { $class } falls from { $own } % to { $covered } % (another place covered: { $elsewhere } %).
survey-upper-left = in the upper left corner
survey-upper = at the upper edge
survey-upper-right = in the upper right corner
survey-left = at the left edge
survey-middle = in the middle
survey-right-edge = at the right edge
survey-lower-left = in the lower left corner
survey-lower = at the lower edge
survey-lower-right = in the lower right corner

# A place that is looked into
drill-open = Look inside
drill-open-title = Which channels of the chosen layer drove the class at a place: click the image, or drag a box
drill-title = What speaks for { $target } here
drill-close = Close
drill-hint = Activation times gradient there. Click elsewhere, drag a box, or use the arrow keys.
drill-cell = cell { $column }, { $row } of { $columns } × { $rows }.
drill-cells = { $count } cells.
drill-mark = { $count ->
    [one] The place that is looked into: cell { $column }, { $row } of { $columns } × { $rows }. Arrow keys move it, with Shift they make it larger
   *[other] The place that is looked into: { $count } cells from cell { $column }, { $row } of { $columns } × { $rows }. Arrow keys move it, with Shift they make it larger
}
drill-earlier = ← here in { $layer }
drill-later = here in { $layer } →
drill-trail = The way to here
drill-step-channel = { $layer }, channel { $channel }
drill-ranked = Channels by their share
drill-channel = Channel { $channel }
drill-feature = Where it fires
drill-feature-words = The feature map of channel { $channel } over the image
drill-reconstruction = What made it fire
drill-reconstruction-words = What in the image made channel { $channel } fire, taken back to the pixels
drill-optimum = What would make it fire most
drill-optimum-words = An image made to make channel { $channel } fire
drill-optimum-hint = An image made from noise; it takes a while.
drill-optimize = Make it
drill-coming = Coming …
drill-elsewhere = In your other images
drill-elsewhere-none = There are none: open several images or a folder.
drill-elsewhere-silent = It fires in none of them.
drill-unsearched = { $count } still to be searched …
drill-found = { $name }: { $value }
crashed-aside = The program stopped while it worked at this. Close it, or try something smaller.

# Curves
measured-area = { $metric }, area under the curve of `{ $layer }`: { $value }.
measured-mean = { $metric }, mean of the curve of `{ $layer }`: { $value }.
measured-value = { $metric } of `{ $layer }`: { $value }.
measured-none = { $metric } of `{ $layer }` has no value: the map shows nothing.
measured-beside = Beside it: random numbers { $random }, a Gaussian in the middle { $center }, the image's edges { $edges }.
measured-higher = Higher is better.
measured-lower = Lower is better.

# Trust
trust-title = How far to trust this map
trust-running = Measuring it
trust-measure = Measure it
trust-seconds = About { $seconds } s; it stops as soon as you ask for anything else.
legend-map = this map
legend-random = random numbers
legend-center = the middle
legend-edges = the image's edges

# Reading, comparing
readout-hint = Move over the image to read its numbers.
readout-pixel = pixel { $x }, { $y }
readout-cell = cell { $column }, { $row } of { $width } × { $height }: { $value }
readout-named = { $name } { $told }
readout-outside = the network did not see this part
keep = Keep to compare
keep-end = End comparison
keep-title = Keeps this explanation beside the next ones: another class, layer, method, model or image
compare-title = Comparison
compare-kept = Kept:
compare-now = Now:
compare-less = Now less kept:
compare-coming = computing…
compare-view = { $class } ({ $probability }), { $method }, { $layer }, { $picture }, { $model }
compare-view-any = { $method }, { $layer }, { $picture }, { $model }
compare-correlation = Correlation of the two maps: { $correlation }
compare-no-correlation = A map that is the same everywhere has no correlation with another.
compare-difference = red where now is stronger, blue where it is weaker, by { $largest } of the scale at most
compare-same = no difference
compare-shared = One scale for both
compare-units = The two are of different models, layers, methods or conventions, whose numbers have different units, so each has a scale of its own.
compare-kept-vanishes = On one scale the kept map vanishes: its largest number is { $share } of the scale.
compare-now-vanishes = On one scale the present map vanishes: its largest number is { $share } of the scale.

# More images
tray = Images given
image-folder = Folder
tray-remove = Remove { $name }
tray-remove-all = Remove all of them
tray-more = { $count } more
no-images = There is no image among these files; PNG, JPEG, WebP, GIF, BMP and TIFF can be read.
camera = What the camera sees
camera-on = Camera
camera-once = Take a photo
camera-live = Live
camera-off = Turn off
camera-rate = { $rate } images a second
record = Record { $seconds } s
record-stop = Stop ({ $seconds } s)
record-title = What is seen of the camera, with the heat, as a WebM film; as images in a zip archive where this browser makes no films
record-nothing = Nothing could be recorded: this browser does not give the images; save them one by one.
camera-refused = There is no camera, or the browser was not allowed to use it; allow it beside the address, or choose an image.
camera-nothing = The camera has not shown anything yet; try again in a moment.

# Help
help-title = Help and keys
help-step-image = Choose an image, drop one anywhere, paste one, or use the camera. It stays on this machine.
help-step-class = Choose one of the classes that the network sees, or search for any other.
help-step-layer = Walk through the layers: early ones are fine and local, late ones coarse and about objects.
help-step-compare = Keep an explanation, then change anything: both stay side by side, with their difference.
help-keys = Keys
help-keys-on = Keys pressed alone do something
help-keys-usual = The usual keys
help-key-of = Key for: { $does }
help-help = this help
help-techniques = families of methods
help-layers = walk along layers and tabs
help-search = search for a class
help-open = choose an image
help-keep = keep to compare, or end the comparison
help-alone = hold to see the image without its map
help-about = what the method shows and does not prove
help-close = close
close = Close

# Save or share
save = Save or share
save-image = Image (PNG)
save-caption = with what it shows in words below
save-results = Evidence bundle (zip)
save-with-image = with the image
save-with-image-title = Without it, the bundle has its SHA-256 alone, and white in its place in the pictures
save-array = This map's numbers (.npy)
save-manifest = manifest.json
copy-link = Copy the link to this view
copied = Link copied
copy-failed = This browser does not let the page copy the link; it is in the address bar.
link-too-long = The link is longer than any of this page, so it is not followed.
link-not-understood = What the link says of { $keys } cannot be understood, so it is left out.
link-own-image = The link was made with an image that is not on this machine: choose that image to see the same view.
link-other-image = This is another image than the one that the link was made with.
link-no-example = The link's example is not one of this page, so another image is shown.
link-other-model = The link was made with another { $name } ({ $wanted }; here it is { $here }), so numbers may differ.
link-no-class = The model has no class { $class } that the link asks for.
link-no-layer = The model has no layer { $layer } to show in this way.
embed-no-map = { $method } gives no map, which is what a page around this one can be given. Name a method that gives one.
embed-nothing = Nothing has been explained: it was stopped.
embed-open = Opens the whole page, which explains images of your own

# A model of the person's own
import-add = + Model
import-add-title = Add a model from a file: ONNX, Keras, PyTorch, safetensors, or a packed one
import-title = Add the model { $name }
import-private = The file is read and packed on this machine. Nothing of it is run, and nothing is uploaded.
import-program = Loading the program that reads models…
import-reading = Reading the file…
import-packing = Packing the weights…
import-keeping = Keeping the packed weights…
import-guess = Taken for { $name }: an input of { $width } × { $height } pixels and { $classes } outputs ({ $labels }, …).
import-is-packed = It is a packed model, which says all itself.
import-by-recipe = It comes with a recipe, which says what its file does not.
import-id = Name
import-preset = Preprocessing
import-guessed = as guessed: { $guess }
import-own-numbers = the network's usual numbers
import-side = Side of the input in pixels
import-labels = Names of the classes
import-labels-guessed = as guessed
import-labels-imagenet = ImageNet's 1000
import-labels-numbers = numbers
import-labels-own = my own
import-names = One name a line, in the order of the outputs
import-packing-choice = Store the weights as
import-notes = What was assumed, and what was left out
import-details = Numbers, channels, crop and outputs
import-channels = Order of the channels
import-short-side = Short side before the middle is cut out (0: the whole image)
import-scale = Factor of pixels from 0 to 255
import-mean = Mean of each channel
import-std = Standard deviation of each channel
import-logits = Node with the logits
import-architecture = The network that these weights are of
import-architecture-none = choose one
import-read = Read it as that
import-pack = Add
import-crashed = The program that reads models stopped ({ $why }); try a smaller file, or pack it with convscope pack.
import-export = Save
import-export-what = Save { $name } as a packed model

# Teaching.
teach-open = Teach a classifier…
teach-open-title = Make a classifier of your own with a few images of each class
teach-title = Teach a classifier
teach-how = Two classes or more, and about ten images of each that differ in what does not matter: place, light, background. What the model has learnt elsewhere is used as it is; a layer on top of its features is taught to tell your classes apart.
teach-class = Class { $number }
teach-remove-class = Leave out { $name }
teach-count = { $count ->
    [0] No image yet
    [one] 1 image
   *[other] { $count } images
  }
teach-images = Images of { $name }
teach-add = Images…
teach-add-to = Images of { $name }
teach-burst = Take { $count } images
teach-add-class = + Class
teach-folder = A folder with a folder for each class…
teach-name = Name of the model
teach-layer = Features of { $model }
teach-private = Everything happens on this machine; the model is kept in this browser, and can be saved and deleted like any other.
teach-begin = Teach
teach-stop = Stop
teach-again = Change the images
teach-looking = Looking at the images: { $done } of { $total }
teach-fitting = Teaching, and trying each image with a model that was taught without it: { $done } of { $total }
teach-nameless = A class with images has no name; give it one.
teach-same-file = It is the same file as { $other }, and would be judged by itself.
crashed-teach = The worker stopped while it taught. Close this, start it again, and try fewer or smaller images.
teach-taught = Your classifier “{ $name }”
teach-confusion = Images of each class (rows), and what they were taken for (columns) by a model that was taught without them
teach-wrong = { $count ->
    [one] 1 image was taken for another class
   *[other] { $count } images were taken for another class
  }
teach-taken-for = { $name }: taken for { $class }
teach-left-out = Left out: { $count }
teach-learnt = What did it learn?
teach-heating = Explaining its images: { $done } of { $total }
teach-mean = { $class }: mean heat of { $count ->
    [one] 1 image
   *[other] { $count } images
  }
teach-heat-hint = Where the images of a class speak for it, on the mean, and one of them. Heat that always lies in one corner, or around the thing, says that the background gives the class away.
teach-facts = Features of { $layer } of { $base }; { $looking } s for the images, { $teaching } s for teaching. The model is chosen now: every method works on it, and the list of what is stored saves and deletes it.

# Storage
stored = Stored on this machine
stored-why = So that the page opens at once, and without a network. What is deleted is loaded again when it is needed.
stored-own = A model of your own is gone once it is deleted: save it first.
stored-page = The page itself
stored-images = Images of your own
stored-optima = Optima of channels
stored-findings = Findings of surveys
stored-nothing = Nothing is stored.
stored-persisted = The browser keeps it until you delete it.
stored-passing = The browser may delete it when its disk grows full.
stored-nowhere = This browser stores nothing for pages that come over plain http from another machine.
stored-usage = In all, the browser counts { $used } of the { $allowed } that it allows.
delete = Delete
delete-what = Delete { $name }

image-elsewhere = The image { $address } is not of this page's own origin, so it is not loaded; download it and choose the file.
time-left = About { $seconds } s left.

# What stands between sentences, and between names in a row
between-sentences = { " " }
between-names = { ", " }
fusion-fused = fused (largest)
fusion-fused_mean = fused (mean)
fusion-fused_product = fused (product)

# Conventions side by side
fidelity-open = Fidelity
fidelity-open-title = What the way in which its weights are stored changes: the same model in other packings
fidelity-title = { $name } in other packings
fidelity-run = Compare now
fidelity-loading = Loading: { $done } of { $total } MB
fidelity-name = { $stored } · { $megabytes } MB
fidelity-finest = The others are compared with this.
fidelity-same-class = The likeliest class is the same as in { $finest }, and so are { $shared } of the { $count } likeliest.
fidelity-other-class = It says { $class } where { $finest } says { $before }; { $shared } of the { $count } likeliest are the same.
fidelity-maps = Maps correlate by { $median } (median of { $count } layers), least in { $layer }: { $least }.
fidelity-map = The map correlates by { $median }.
fidelity-no-maps = There is nothing in the maps to compare.
fidelity-layers = Correlation by layer
fidelity-hint = Correlations are Pearson's, of each layer's map with that of the finest packing: 1 is the same, 0 has nothing in common. One image says little of a packing; the command line's compare-codecs measures many.
fidelity-alone = There is { $name } in { $stored } alone here, so that there is nothing to compare with. Pack the same weights in another way beside it, and it is seen here:
fidelity-source = WEIGHTS are the file that it was packed from. Origin of these: { $source }
conventions-title = Conventions side by side
conventions-open = Compare conventions
conventions-close = Close the comparison of conventions
conventions-run = Compare them
conventions-hint = One map as each library shows it, all in the same colours; red speaks for and blue against where a library leaves the sign in. Numbers beside each compare it with the first.
conventions-first = The others are compared with this.
conventions-none = none
conventions-numbers = Correlation { $correlation }, largest difference { $largest }.

# Box around an object
box-drawn = Box around the object: left edge at { $left } %, top edge at { $top } %, { $width } % wide, { $height } % high
box-hint = Draw a box around the object with the pointer. With the box in focus, arrow keys move it, and with Shift resize it.
