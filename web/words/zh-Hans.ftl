# 页面上的文字，简体中文。`**粗体**` 与 `` `代码` `` 按样式显示。
language = 语言
title = Convscope：看图像分类器在看哪里

# 页眉
tagline = 看看图像分类器在下判断之前究竟在看哪里。
private = 任何数据都不会离开您的电脑。
model = 模型
models-loading = 正在读取列表…
device = 设备
device-auto = 自动选择
device-gpu = GPU（WebGPU）
device-cpu = CPU
drop = 把图片放在任意位置

# 状态
status-stopped = 引擎已停止
status-starting = 正在启动引擎…
status-program = 正在启动引擎：{ $done } / { $total }
status-loading = 正在加载权重：{ $done } / { $total }
status-looking = 正在运行网络…
status-explaining = 正在解释…
status-ready = 就绪
status-weights = 已加载的权重
status-working = 正在计算
status-no-gpu = （没有 WebGPU 可用的 GPU）
hash = 哈希

# 提示
again = 重试
restart = 重新启动
dismiss = 关闭
from-engine = 引擎报告（英文）：{ $text }
no-models = 页面旁没有任何模型；请先打包一个模型，再重新构建页面。
no-such-model = 这里没有模型 { $model }，因此显示 { $first }。
crashed = 引擎已停止（{ $why }）；请重新启动。若再次停止，请换一张小一些的图片或改用 CPU。
hangs = 引擎没有响应；如果这台机器较慢或正忙于其他工作，请稍候，否则请重新启动引擎。
gpu-lost = 浏览器丢失了 GPU（{ $why }），引擎已重新启动。
gpu-lost-again = 浏览器再次丢失了 GPU（{ $why }），引擎改用 CPU 继续运行。
not-kept-full = { $name } 可以使用，但无法为下次访问保存：浏览器没有更多空间分给本页面。请在下方删除一个已存储的模型。
not-kept = { $name } 可以使用，但无法为下次访问保存：浏览器拒绝了（{ $why }）。
cannot-draw = 此浏览器无法显示这张图片，但仍可对它进行解释；请使用 PNG 或 JPEG。
cannot-read = 无法读取 { $name }；请确认它还在原处。

# 图片
picture = 图片
image-choose = 选择图片
image-hint = 也可以拖放到任意位置，或直接粘贴
example-cat = 猫
example-coffee = 咖啡
example-rocket = 火箭

# 类别
classes-title = 网络看到了什么
classes-hint = 选择一个类别，看看哪些地方支持它。
classes-search = 在全部 { $count } 个类别中搜索（英文）
classes-placeholder = 例如：zebra
classes-none = 没有名称中包含它的类别。
target = 解释
target-help = 可以是类别的编号或名称、top2、对比（如 285 - 282 或 tabby - tiger cat）、not 285，或加权和（如 285 + 0.5 * 282）。名称中若有前后带空格的符号，请用双引号括起来。
target-placeholder = 例如：285 - 282
target-logit = logit { $logit }

# 方法
techniques = 方法
technique = 方法
command-explain = 类别
command-activations = 激活
command-deconvnet = 反卷积网络
command-filters = 滤波器
look-map = 热区是否落在物体本身上；若落在旁边，说明网络依赖的是周围环境。
look-sheet = 浅层保留边缘和颜色，深层只剩少数抽象的标记。
look-patterns = 换用其他种子后仍会出现的纹理和部件。
look-channels = 图像中让某个通道作出响应的部分。
look-curve = 曲线是否一开始就下降：得分正取决于该图排在最前面的部分。
technique-missing = 该模型没有分类器，因此没有可解释的类别。
look-for = 看什么：
not-proved = 注意：
paper = 论文：

# 各方法的说明；英文由方法自己给出。
method-grad_cam-title = Grad-CAM
method-grad_cam-shows = 按类别得分随每张特征图增长的程度为该层的特征图加权，再相加。亮的地方支持该类别，其精细程度与该层相同。
method-grad_cam-limits = 它显示得分在该层取决于什么，不能证明网络理解画面内容，也不能证明去掉那一部分后类别就会改变；数值只能在一张图之内比较。
method-grad_cam_plus_plus-title = Grad-CAM++
method-grad_cam_plus_plus-shows = 按正的梯度为该层的特征图加权，并加以均衡，使一个特征无论出现在哪里都起作用，即使该类别在图中出现多次。
method-grad_cam_plus_plus-limits = 它与正梯度的平均几乎没有差别（Lerma 和 Lucas，2022）；反对该类别的部分被略去，而且它与该层一样粗略。
method-layer_cam-title = LayerCAM
method-layer_cam-shows = 在梯度支持该类别的地方，用特征图每个位置自己的梯度为该位置加权，因此浅层也能给出精细的图。
method-layer_cam-limits = 反对该类别的部分被略去；浅层的精细细节是该层所见，而不是单独起决定作用的东西。
method-hires_cam-title = HiResCAM
method-hires_cam-shows = 把该层的特征图与其梯度逐个位置相乘：若该层之后只有一个全连接层，得到的就是每个位置在类别得分中所占的份额。
method-hires_cam-limits = 若后面有多个全连接层或卷积层，它只是线性化得分的份额；而且它与该层一样粗略。
method-finer_cam-title = Finer-CAM
method-finer_cam-shows = Finer-CAM 是针对“该类别与得分最接近的几个类别之间的差别”的 Grad-CAM：亮处支持该类别，而不同样支持那些类别。
method-finer_cam-limits = 它取决于网络恰好认为这张图片中哪些类别相似；所有这些类别共有的部分都会被略去，不论该类别多么依赖它。
param-alpha = 对比强度
param-alpha-help = 从该类别的 logit 中减去多少其他类别的 logit
param-similar = 相似类别
param-similar-help = 与多少个 logit 最接近的类别作比较
method-xgrad_cam-title = XGrad-CAM
method-xgrad_cam-shows = XGrad-CAM 用梯度给层的特征图加权：梯度只在特征所在之处取平均，因此各权重之和尽可能等于得分。
method-xgrad_cam-limits = 只有当该层之后的网络是线性的，它们之和才等于得分；图的精细程度也不超过该层。
method-guided_grad_cam-title = 引导 Grad-CAM
method-guided_grad_cam-shows = 把引导反向传播与 Grad-CAM 相乘：得到支持该类别的位置上的边缘和纹理。
method-guided_grad_cam-limits = 无论是哪个类别，引导反向传播都会找到边缘（Adebayo 等，2018）；这里区分类别的只有 Grad-CAM 那一部分，而它是粗略的。
method-gradient-title = 梯度
method-gradient-shows = 类别得分对像素的梯度：得分会随每个像素改变多少。
method-gradient-limits = 只对图像的微小改变成立，而且噪声多：在网络饱和的地方，没有梯度的像素也可能很重要。
method-guided_backprop-title = 引导反向传播
method-guided_backprop-shows = 把梯度传回像素，途中在每个 ReLU 处去掉反对该类别的部分。
method-guided_backprop-limits = 无论是哪个类别，甚至在权重随机的网络中，它都会找到边缘（Adebayo 等，2018）；因此它显示的更多是图像，而不是决策。
method-deconvnet-title = 反卷积网络
method-deconvnet-shows = 用反卷积网络把类别得分传回像素，途中在每个 ReLU 处只保留正的部分，不论前向时的输出如何。
method-deconvnet-limits = 显示的是网络可能响应的图案，而不是它为什么这样回答；对两个类别几乎没有差别（Mahendran 和 Vedaldi，2016）。
method-activations-title = 特征图
method-activations-shows = 一层的全部特征图：它的每个通道对这张图像的什么有响应，响应有多强。
method-activations-limits = 特征图说明通道在哪里响应，不说明它代表什么，也不说明决策用到了它。
method-channel_reconstruction-title = 通道重建
method-channel_reconstruction-shows = 图像中的什么让一层的单个通道作出响应：只把它们的特征图沿池化的最大值位置送回像素。
method-channel_reconstruction-limits = 它显示什么可能引起响应，不说明类别取决于它；无论是哪个通道，边缘都会重现（Mahendran 和 Vedaldi，2016）。
method-filters-title = 滤波器图案
method-filters-shows = 从噪声出发、使一层的单个通道响应最强的图像：每个滤波器在寻找什么。
method-filters-limits = 最强的刺激并不是通常的刺激：滤波器在照片中响应的东西可能看上去完全不同。
method-occlusion-title = 遮挡
method-occlusion-shows = 逐处遮住图像中的一个方块时，类别得分下降多少。
method-occlusion-limits = 如果某样东西出现两次，遮住其中一处可能毫无影响；而且被遮住方块的图像是网络从未见过的。
method-rise-title = RISE
method-rise-shows = 多次遮住图像的随机部分，由此得出每一部分对类别得分有多重要。
method-rise-limits = 它是由随机掩模得到的估计：掩模少时噪声多，精细程度不超过其网格，而且被遮成灰色的图像是网络从未见过的。
method-deletion-title = 删除曲线
method-deletion-shows = 依次去掉一张图排在最前面的像素时，类别得分下降得有多快：越快，这张图排得越好。
method-deletion-limits = 去掉了像素的图像与网络训练时的任何图像都不同，因此下降有一部分是由此造成的。

# 各方法的参数
param-columns = 每行的特征图
param-columns-help = 一行排多少张特征图
param-scaling = 亮度
param-scaling-help = 如何把各通道的数值变为亮度
param-channels = 通道
param-channels-help = 送回像素空间的通道
param-mode = 送回的内容
param-mode-help = 送回特征图的多少
param-rule = 规则
param-rule-help = ReLU 在反向时让什么通过
param-filters = 滤波器
param-filters-help = 为哪些滤波器制作图案
param-size = 像素
param-size-help = 图案的边长，以像素计
param-steps = 步数
param-steps-help = 每个图案改变多少次
param-seed = 种子
param-seed-help = 随机数的来源：种子相同，结果相同
param-colours = 颜色
param-colours-help = 图案以哪种颜色显示
param-window = 方块
param-window-help = 方块的边长，以网络输入的像素计
param-stride = 步幅
param-stride-help = 方块每次移动多少像素
param-masks = 掩模数
param-masks-help = 尝试多少张被遮住的图像
param-cells = 网格
param-cells-help = 掩模每边的格数
param-keep = 保留
param-keep-help = 每格不被遮住的概率
param-deletion-steps-help = 分多少步去掉像素

# 表单
method = 方法
measured = 所测的图
convention = 约定
convention-paper = 按论文
convention-keras_notebook = 按笔记本
convention-lucid = 按 lucid
convention-softmax = softmax 概率
convention-logit = logit
family-cam = 类激活图
family-gradient = 梯度
family-decomposition = 分解
family-perturbation = 扰动
family-channel = 通道
family-synthesis = 合成
family-metric = 度量
choice-scaling-channel = 每个通道单独缩放
choice-scaling-layer = 全部按本层最大值
choice-mode-all = 整张特征图
choice-mode-max = 仅其最大值
choice-rule-gradient = 梯度
choice-rule-guided_backprop = 引导反向传播
choice-rule-deconvnet = 反卷积网络
choice-colours-true = 真实
choice-colours-as_stored = 第一通道作红色
value-wrong = { $title }：“{ $value }”不合适；应为 { $range }。
range = { $min } 到 { $max }
range-channels = 编号，例如 3,7 或 0..63；top4 表示最强的四个；all 表示全部
range-seed = 不小于 0 的整数
range-choice = { $names } 之一
run = 运行
stop = 停止
run-progress = 共 { $total } 步，已完成 { $done } 步
signed = 带符号
signed-title = 红色支持该类别，蓝色反对

# 说明
caption-map = 在 `{ $layer }` 层{ $shape }中支持 **{ $class }**（{ $probability }）的部分。
caption-pixels = 在像素中支持 **{ $class }**（{ $probability }）的部分。
caption-pixels-signed = 在像素中支持（红）与反对（蓝）**{ $class }**（{ $probability }）的部分。
caption-any = `{ $layer }` 层{ $shape }的 { $method }。
caption-signed = 在 `{ $layer }` 层{ $shape }中支持（红）与反对（蓝）**{ $class }**（{ $probability }）的部分。
caption-shape = （{ $channels } 个 { $height } × { $width } 的通道）
caption-heat = 热区主要位于{ $place }；其中一半集中在网络所见部分的 { $share } 上。
caption-blank = 此图为空白：{ $why }。
caption-offer-signed = 显示带符号的图
caption-how = { $method }，{ $convention }
caption-seconds = 全部层用时 { $seconds } 秒
seconds = 用时 { $seconds } 秒
caption-part = 网络只看到图片的中间部分
blank-not-finite = 其中含有无穷大或非数值
blank-no-gradient = 该类别的梯度没有到达这一层
blank-saturated-softmax = softmax 已饱和，梯度消失：请像论文那样解释 logit
blank-dead-layer = 这一层的所有激活都为零
blank-all-negative = 这一层的所有证据都反对该类别，带符号的图会显示出来
blank-no-effect = 图像的任何改变都没有改变该类别的得分
diagnosis-uniform = 该图处处相同，因此亮处没有意义。
diagnosis-one-place = 该层只有一个位置，因此它的图只是一个数，不能指出图片中的任何位置。
diagnosis-saturated = 概率非常接近 1，其梯度几乎消失，该图只由剩下的部分构成。
diagnosis-same-for-classes = 该图与之前那个类别的图相同，因此不能说明类别取决于什么。
diagnosis-coincide = 该层之后的一切都对所有位置取平均，因此 Grad-CAM、HiResCAM 和 XGrad-CAM 在这里完全相同。
advice-not-finite = 请检查模型的预处理和权重。
advice-no-gradient = 请换一层，或改用遮挡图片局部的方法。
advice-saturated = 请解释 logit，或与第二位的类别作对比。
advice-dead-layer = 请选择更靠前的层，并检查预处理：错误的缩放或均值会使整层失活。
advice-all-negative = 请查看带符号的图，或询问哪些地方反对该类别。
advice-no-effect = 请使用更大的方块或更少的格子，或解释 logit。
advice-uniform = 请换一层，或改用逐位置加权的方法。
advice-one-place = 请选择更靠前、位置更多的层。
advice-same-for-classes = 至多把它当作边缘图；请询问两个类别的对比，或换一种方法。
advice-coincide = 要区分它们，请选择更靠前的层。

# 供看不到图片的人
seen-nothing = 还没有图片
seen-image = 图片 { $name }
seen-channel = 图片 { $name }，上面叠加了 { $layer } 层的第 { $channel } 张特征图
seen-heat = 图片 { $name }，上面叠加了支持 { $class } 的证据，主要位于{ $place }
seen-blank = 图片 { $name }，上面叠加了支持 { $class } 的证据；该图为空白
place-top-left = 左上方
place-top-centre = 上方
place-top-right = 右上方
place-middle-left = 左侧
place-middle-centre = 中间
place-middle-right = 右侧
place-bottom-left = 左下方
place-bottom-centre = 下方
place-bottom-right = 右下方

# 控件
opacity = 热区
colours = 配色
scale-less = 较少
scale-more = 较多证据
scale-against = 反对
scale-for = 支持该类别
scale-weaker = 较弱
scale-stronger = 较强
colormap-inferno = Inferno
colormap-viridis = Viridis
colormap-cividis = Cividis
colormap-turbo = Turbo
colormap-jet = Jet（笔记本）

# 层
layers = 层
layers-hint = 从边缘到物体
layers-keys = ；用 ← → 逐层移动
layer-title = { $layer }：{ $channels } 个 { $height } × { $width } 的通道
blank = 空白

# 激活
sheet-title = 全部通道
sheet-words = { $channels } 张 { $height } × { $width } 的特征图。
sheet-silent = 其中 { $count } 张处处为零：黑色。
sheet-hint = 点击一格，把它叠加到图片上。
channel-over = 图片上叠加了通道 { $channel }。
channel-away = 移除
channel = 通道 { $channel }
strongest = 最强的通道
strongest-words = `{ $layer }` 层：平均 { $mean }，最大 { $maximum }，{ $zeros } 为零。通道按总和排序；选择一个叠加到图片上：
no-classifier = 该模型没有分类器，因此没有可解释的类别。

# 通道的图像
panels-sum = `{ $layer }` 层。每张图像下方：该通道特征图的总和。
panels-objective = `{ $layer }` 层。每个图案下方：滤波器开始时与现在的响应强度。
panel-sum = 总和 { $sum }
panel-dead = 没有响应

# 曲线
curve-area = `{ $layer }` 的曲线下面积：{ $area }

# 页脚
footer-title = 如何解读{ $method }
footer-model = { $description } 许可证：{ $licence }。来源：{ $source }。

# 读数与比较
readout-hint = 把光标移到图片上即可读数。
readout-pixel = 像素 { $x }, { $y }
readout-cell = { $width } × { $height } 中的格 { $column }, { $row }：{ $value }
readout-named = { $name } { $told }
readout-outside = 网络没有看到这一部分
keep = 保留以便比较
keep-end = 结束比较
keep-title = 把当前的解释保留在旁边，再与其他类别、层、方法、模型或图片比较
compare-title = 比较
compare-kept = 保留：
compare-now = 现在：
compare-less = 现在减保留：
compare-coming = 正在计算…
compare-view = { $class }（{ $probability }），{ $method }，{ $layer }，{ $picture }，{ $model }
compare-view-any = { $method }，{ $layer }，{ $picture }，{ $model }
compare-correlation = 两张图的相关系数：{ $correlation }
compare-no-correlation = 处处相同的图与其他图没有相关系数。
compare-difference = 红色表示现在更强，蓝色表示现在更弱，最多相差刻度的 { $largest }
compare-same = 没有差别
compare-shared = 使用同一刻度
compare-units = 两者的模型、方法或约定不同，数值的单位也不同：使用同一刻度意义不大。

# 更多图片
tray = 已提供的图片
image-folder = 打开文件夹
no-images = 这些文件中没有图片；可以读取 PNG、JPEG、WebP、GIF、BMP 和 TIFF。
camera = 摄像头画面
camera-on = 使用摄像头
camera-once = 拍一张
camera-live = 实时
camera-off = 关闭
camera-refused = 没有摄像头，或浏览器未获准使用它；请在地址栏旁允许使用，或选择一张图片。
camera-nothing = 摄像头还没有画面；请稍后再试。

# 帮助
help-title = 帮助与按键
help-step-image = 选择一张图片、拖放到任意位置、粘贴，或使用摄像头。图片不会离开这台电脑。
help-step-class = 选择网络看到的类别之一，或搜索任何其他类别。
help-step-layer = 逐层查看：浅层精细而局部，深层粗略而关乎物体。
help-step-compare = 保留一个解释，然后改变任何选项：两者并排显示，并给出差别。
help-keys = 按键
help-help = 本帮助
help-techniques = 各类解释
help-layers = 在层与标签页之间移动
help-search = 搜索类别
help-open = 选择图片
help-keep = 保留以便比较，或结束比较
help-close = 关闭
close = 关闭

# Save or share
save = 保存或分享
save-image = 图片（PNG）
save-caption = 下方附文字说明
save-results = 全部结果（zip）
save-array = 本图的数值（.npy）
save-manifest = manifest.json
copy-link = 复制当前视图的链接
copied = 已复制链接
copy-failed = 此浏览器不允许页面复制链接；链接就在地址栏中。
link-too-long = 该链接比本页面的任何链接都长，因此不予采用。
link-not-understood = 无法理解链接中的 { $keys }，已忽略。
link-own-image = 制作该链接时所用的图片不在链接中：请选择那张图片，以查看同样的视图。
link-no-example = 链接所指的示例不在本页面中，因此显示另一张图片。
link-other-model = 该链接是用另一份 { $name } 制作的（{ $wanted }；此处为 { $here }），数值可能不同。
link-no-class = 模型中没有链接所要的类别 { $class }。
link-no-layer = 模型中没有可以这样显示的层 { $layer }。

# Storage
stored = 存储在本机的内容
stored-why = 这样页面可以立即打开，没有网络也能使用。删除的内容会在需要时重新加载。
stored-page = 页面本身
stored-nothing = 没有存储任何内容。
stored-nowhere = 对于通过普通 http 从另一台机器打开的页面，浏览器不会存储任何内容。
stored-usage = 浏览器共计入 { $used }，允许的上限为 { $allowed }。
delete = 删除
delete-what = 删除 { $name }

image-elsewhere = 图片 { $address } 不属于本页面的来源，因此不会加载；请下载后再选择该文件。
time-left = 大约还需 { $seconds } 秒。

# 引擎的错误：每个代码一句，英文句子在引擎自己的源码里。`cause` 是嵌在句中的另一个错误。
error-foreign = { $error }
error-cancelled = 操作已取消。
error-cannot-read = 无法读取 { $path }：{ $source }；请检查路径及其权限。
error-cannot-write = 无法写入 { $path }：{ $source }；请换一个文件夹、腾出一些空间，或修改其权限。

# 引擎的错误：图片
error-image-bytes = 给出的字节不是 { $width } × { $height } 的图片。
error-image-empty = 图片的大小是 { $width } × { $height } 像素：没有可看的内容。
error-image-too-large = 图片的大小是 { $width } × { $height } 像素；每边最多 { $side }、总共最多 { $millions } 百万像素：请把它缩小。
error-image-memory = 内存不足以处理 { $width } × { $height } 像素的图片；请把它缩小，或给程序更多内存。
error-image-unreadable = 这不是能够读取的图片（{ $cause }）；请使用 PNG、JPEG、WebP、GIF、BMP 或 TIFF。
error-image-beginning = 文件开头不属于任何一种图片格式
error-image-damaged = 图片已损坏
error-image-fractions = 它的数值是小数，无法确定哪个值代表白色
error-image-cut = 这个 { $kind } 文件在图片结束之前就中断了；请重新获取该文件。
error-image-kind = 这是{ $cause }，convscope 不读取它的像素；请在看图软件中打开它，另存为 JPEG 或 PNG。
error-kind-jpeg-xl = JPEG XL 图片
error-kind-avif = AVIF 图片
error-kind-heic = 手机常用的 HEIC 图片
error-kind-heif = HEIF 图片
error-png-no-end = 这个 PNG 文件缺少结束块：像素都在，但其后的内容已丢失。
error-png-not-written = 无法把图片写成 PNG：{ $error }
error-jpeg-not-written = 无法把图片写成 JPEG：{ $error }

# 引擎的错误：打包的模型
error-not-embedded = 程序中没有内置文件 { $name }；请重新构建程序。
error-shard-damaged = { $file } { $cause }；文件已损坏或不完整：请重新获取模型。
error-shard-length = 的大小是 { $actual } 字节，应为 { $expected } 字节
error-shard-hash = 的 SHA-256 是 { $actual }，应为 { $expected }
error-shard-packed = 无法解压（{ $status }）
error-shard-unpacked = 解压后是 { $actual } 字节，应为 { $length } 字节
error-model-json = model.json：{ $cause }；请重新获取或打包模型。
error-model-ops = model.json：{ $cause }：请更新 convscope，或重新打包模型。
error-model-format-newer = model.json：模型的格式版本是 { $format }，比本版本能读取的 { $newest } 更新；请更新 convscope。
error-model-format = 格式版本是 { $format }，应为 1 到 { $newest }
error-not-json = 不是 JSON：{ $error }
error-shard-size = 分片 { $shard } 的大小是 { $bytes } 字节，应为 1 到 { $most } 字节
error-shard-name = { $name } 不能用作分片的文件名
error-tensor-empty = 张量 { $name } 的形状 { $shape } 是空的
error-tensor-length = 张量 { $name }（形状 { $shape }，编码 { $codec }）的大小是 { $bytes } 字节，与形状不符
error-tensor-behind = 张量 { $name } 超出了最后一个分片
error-tensor-shape = model.json：没有运算使用形状为 { $shape } 的张量；请重新打包模型。
error-tap-unknown = 要显示的层 { $tap } 不是图中的节点
error-classifier-in-part = 有标签或概率，却没有它们所属的 logits
error-output-unknown = 输出 { $name } 不是图中的节点
error-output-shape = 输出 { $name } 的形状是 { $shape }，而标签有 { $labels } 个
error-input-size = 输入不能是 { $width } × { $height } 像素
error-short-side = 短边 { $side } 容纳不下 { $width } × { $height } 的输入
error-preprocessing = 预处理除以了 0，或含有非数值
error-node-unfit = 节点 { $node } { $cause }
error-node-reads-unknown = 读取了 { $input }，但在它之前没有叫这个名字的节点
error-node-name-taken = 的名称已被占用
error-node-tensor-missing = 所用的张量 { $name } 不存在
error-node-no-input = 没有输入
error-node-one-input = 只接受一个输入，而不是 { $count } 个
error-op-unknown = 节点 { $name } 的运算 { $op } 是未知的；本版本支持 { $known }
error-weight-none = 没有权重
error-bias-shape = 的偏置形状是 { $bias }，而输出有 { $out } 个
error-add-shapes = 把形状不同的特征图相加：{ $shapes }
error-concat-sizes = 把大小不同的特征图拼接：{ $shapes }
error-average-pool-sides = 对边的填充不同，平均池化做不到
error-clip-empty = 截取的范围 { $min }..{ $max } 是空的
error-conv2d-weight = 的权重形状是 { $weight }，而不是 [out, in, height, width]
error-conv2d-groups = 的权重形状是 { $weight }、分为 { $groups } 组，与 { $channels } 个输入通道不符
error-dense-weight = 的权重形状是 { $weight }，而不是 [in, out]
error-dense-input = 应接收 [{ $into }, 1, 1]，实际得到 { $input }
error-opposites-logits = 由一个 logit 得出两个类别，而不是由 { $channels } 个
error-window-in-padding = 的填充不小于 { $height } × { $width } 的窗口，会有窗口只看到填充
error-window-zero = 的卷积核、步长或膨胀为 0
error-window-too-large = 的窗口有 { $reach } 像素，而填充后的输入只有 { $size } 像素
error-parameter-no-vector = 所用的张量 { $name } 不是向量
error-parameter-no-matrix = 所用的张量 { $name } 不是矩阵
error-parameter-no-kernel = 所用的张量 { $name } 不是卷积核
error-codec-not-finite = 其中含有 { $value }，无法参与计算
error-codec-f16-range = 其中含有 { $value }，超出了 f16 的上限 65504：请换一种编码
error-codec-int4-small = 其中绝对值最大的数是 { $largest }，对 int4 来说太小：请使用 int8
error-codec-int4-large = 其中含有 { $largest }，对 int4 来说太大：请使用 int8

# 引擎的错误：加载文件
error-fetch-status = 无法加载 { $name }：服务器回答 { $status } { $text }；请确认该文件就在页面旁边。
error-fetch-web-page = 无法加载 { $name }：服务器返回的是一个网页；请确认该文件就在页面旁边。
error-fetch-no-answer = 无法加载 { $name }：服务器没有回答；请检查网络连接后重试。
error-fetch-broke-off = 无法加载 { $name }：连接在 { $bytes } 字节之后中断；请重试。
error-model-list = { $name } 不是应有的模型列表（{ $error }）；请重新构建页面。

# 引擎的错误：设备
error-no-gpu = 这里没有可用的 GPU（{ $error }）；请改用 CPU。
error-gpu-refused = 无法使用 GPU { $gpu }（{ $error }）；请改用 CPU。
error-device-stopped = 设备停止了工作（{ $error }）；请重试，或改用 CPU。

# 引擎的错误：请求
error-no-model = 还没有加载模型；请先选择一个。
error-no-image = 还没有看过任何图片；请先给出一张。
error-method-unknown = 没有方法 { $method }；请从这些中选择：{ $known }。
error-method-unknown-near = 没有方法 { $method }（是否指 { $near }？）；请从这些中选择：{ $known }。
error-convention-unknown = 没有约定 { $name }；请从这些中选择：{ $known }。
error-convention-of-method = { $method } 没有约定 { $convention }；请从这些中选择：{ $known }。
error-convention-of-method-near = { $method } 没有约定 { $convention }（是否指 { $near }？）；请从这些中选择：{ $known }。
error-class-needed = 方法 { $method } 解释的是类别；请指定一个类别。
error-map-needed = 方法 { $method } 度量的是另一种方法的图；请指定那种方法。
error-layer-needed = { $word } 一次只能处理一层；请指定是哪一层。
error-no-parameters = 方法 { $method } 没有参数 { $param }；它不带任何参数。
error-parameter-unknown = 方法 { $method } 没有参数 { $param }；它的参数有：{ $known }。
error-parameter-unfit = { $param } 的值是 { $value }，但必须是{ $cause }。
error-range-numbers = 从 { $min } 到 { $max } 的数
error-range-choices = 这些中的一个：{ $names }
error-range-channels = 编号（例如 3,7 或 0..63）、表示最强几个的 top4，或 all
error-range-seed = 从 0 起的整数
error-no-class = 没有指定类别；请指定一个。
error-no-classifier = 模型 { $model } 没有分类器，因此没有可解释的类别；请换一个模型，或查看它的激活。
error-class-out-of-range = 模型 { $model } 没有类别 { $class }；它的类别是 0 到 { $last }。
error-class-top-unknown = 在 { $count } 个类别中没有 top{ $rank }；请给出 1 到 { $count } 之间的数。
error-one-class-needed = 这里需要单独一个类别，而 { $target } 是若干类别之和；请只指定一个。
error-target-nothing = 没有可解释的内容，因为每个类别的权重之和都是 0；请指定两个不同的类别，或只指定一个。
error-target-weight = 类别 { $class } 的权重是 { $weight }；请给出 0.5 这样的数。
error-target-not-indices = { $text } 不是类别的编号；请把目标写成 285 或 285 - 282。
error-target-not-of-sum = { $text } 的意思不明确，因为 not 只能用于一个类别；请用减号写出反对的类别，例如 282 - 285。
error-target-term-missing = { $text } 中有一个符号旁边缺少类别；请写成 285 - 282 这样。
error-class-unknown = 模型 { $model } 没有类别 { $class }；请给出 0 到 { $last } 的编号、{ $example } 这样的名称，或 top1。
error-class-unknown-near = 模型 { $model } 没有类别 { $class }；请给出 0 到 { $last } 的编号、{ $example } 这样的名称，或 top1；相近的有：{ $near }。
error-class-index-or-name = 在模型 { $model } 中，{ $text } 既是 { $class } 的编号，又是另一个类别的名称；请写 index:{ $text } 或 name:{ $text }。
error-class-name-of-several = 在模型 { $model } 中，有 { $count } 个类别都叫 { $text }；请写明是哪一个：{ $ways }。
error-classes-without-input = model.json：类别与输入无关；请重新获取或打包模型。
error-classes-not-finite = 类别所在的层给出了无穷大或非数值，因此无法对这张图片作出任何说明；请检查模型的预处理和权重，并重新获取或打包模型。
error-layer-not-finite = { $layer } 层给出了无穷大或非数值，因此无法对这张图片作出任何说明；请检查模型的预处理和权重，并重新获取或打包模型。
error-no-layers = 模型 { $model } 没有特征图，因此没有可查看的层；请使用 gradient、guided_backprop 或 deconvnet 方法。
error-layer-unknown = 模型 { $model } 没有 { $layer } 层；请选择 all、last，或这些中的一个：{ $known }。
error-layer-unknown-near = 模型 { $model } 没有 { $layer } 层（是否指 { $near }？）；请选择 all、last，或这些中的一个：{ $known }。
error-layer-without-places = { $layer } 层每个通道只有一个数而没有位置，因此 { $method } 在那里没有可画的图；请选择有特征图的层。
error-finer-cam-one-output = 该网络只有一个输出，没有可与之区分的其他类别；请使用 grad_cam。
error-layer-behind-classes = { $layer } 层不通向类别；请选择类别之前的层。
error-layer-size = { $layer } 层不接受 { $width } × { $height } 像素的图片：{ $cause }；请换一个尺寸；模型自己的尺寸是 { $own_width } × { $own_height }。
error-no-channel-fires = { $layer } 层没有任何通道作出响应，因此没有可显示的内容；请选择其他层。
error-channel-unknown = { $layer } 层没有通道 { $channel }；它的通道是 0 到 { $last }。
error-channels-unknown = { $text } 不能表示通道：{ $cause }。
error-channels-form = 请写编号，例如 3,7 或 0..63；或写 top4 表示最强的几个，或写 all

# 引擎的错误：保存
error-nothing-to-save = 还没有可以保存的完整解释；请等它完成，或先请求一个。
error-zip-file = zip 文件容纳不下 { $name }（{ $error }）；请一次少保存几层。
error-zip-contents = zip 文件容纳不下自己的目录（{ $error }）；请一次少保存几层。
error-no-manifest = 这不是 convscope 的清单

# 引擎的错误：基准测试
error-task-unknown = 没有名为 { $name } 的任务；有：{ $known }。
error-input-length = 输入有 { $length } 个数，而不是 { $channels } × { $height } × { $width } 个。
error-no-convolution = 模型没有可计时的、带 ReLU 的卷积。
error-layer-not-of-input = 层 { $layer } 不依赖于图像。
error-method-without-map = 方法 { $method } 不产生 { $metric } 能够衡量的图；请指定一个会产生图的方法。
error-no-layer = 方法 { $method } 需要一个层；请指定。
error-no-map = 方法 { $method } 不产生图；请索取它的结果。
error-parameter-unknown-near = 方法 { $method } 没有参数 { $param }（是否指 { $near }？）；它有：{ $known }。
error-several-maps = 方法 { $method } 产生多张图；请索取全部，或指定一个层。
