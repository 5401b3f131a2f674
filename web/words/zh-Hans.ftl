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
status-explaining = 正在逐层反向回溯…
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
picture-choose = 选择图片
picture-hint = 也可以拖放到任意位置，或直接粘贴
example-cat = 猫
example-coffee = 咖啡
example-rocket = 火箭

# 类别
classes-title = 网络看到了什么
classes-hint = 选择一个类别，看看哪些地方支持它。
classes-search = 在全部 { $count } 个类别中搜索（英文）
classes-placeholder = 例如：zebra
classes-none = 没有名称中包含它的类别。

# 方法
techniques = 技术
technique = 技术
technique-classes = Grad-CAM
technique-classes-look = 热区是否落在物体本身上；若落在旁边，说明网络依赖的是周围环境。
technique-activations = 激活
technique-activations-what = 显示一层中每个滤波器把图片变成了什么，每格一张特征图。旁边的列表按强度排序。
technique-activations-look = 浅层保留边缘和颜色，深层只剩少数抽象的标记。
technique-activations-limit = 某一格很强，只说明找到了某种东西，并不说明类别由它决定。
technique-filters = 滤波器
technique-filters-what = 从噪声出发，一步步改变它，直到某个滤波器的响应最强。不需要图片。
technique-filters-look = 换用其他种子后仍会出现的纹理和部件。
technique-filters-limit = 一个图案只是该滤波器所偏好的众多图案之一，与您的图片无关。
technique-deconvnet = 反卷积网络
technique-deconvnet-what = 把单张特征图沿着每次池化取得最大值的位置送回像素空间。剩下的就是该通道所响应的内容。
technique-deconvnet-look = 图片中让某个通道作出响应的部分。
technique-deconvnet-limit = 其精细的细节来自图片和池化，因此即使网络没学到什么，看上去也很有说服力。
technique-missing = 该模型没有分类器，因此没有可解释的类别。
look-for = 看什么：
not-proved = 注意：
paper = 论文：

# 解释方法
method = 方法
method-grad-cam = Grad-CAM
method-guided-grad-cam = 引导 Grad-CAM
method-gradient = 梯度
method-guided-backprop = 引导反向传播
method-deconvnet = 反卷积网络
method-grad-cam-shows = 按类别得分随每张特征图增长的程度为它们加权，再相加。亮的地方支持该类别。
method-grad-cam-limits = 不能证明去掉那一部分后类别就会改变，也不能证明网络理解画面内容。
method-guided-grad-cam-shows = 把引导反向传播与 Grad-CAM 相乘：得到支持该类别的位置上的边缘和纹理。
method-guided-grad-cam-limits = 无论是哪个类别，引导反向传播都会找到边缘；这里区分类别的只有 Grad-CAM 那一部分，而它是粗略的。
method-gradient-shows = 显示该类别的得分会随每个像素改变多少。
method-gradient-limits = 只对图片的微小改变成立，而且噪声多：没有梯度的像素也可能很重要。
method-guided-backprop-shows = 把梯度传回像素，途中在每个 ReLU 处去掉反对该类别的部分。
method-guided-backprop-limits = 无论是哪个类别，甚至网络什么也没学到时，它都会找到边缘；因此它显示的更多是图片，而不是决策。
method-deconvnet-shows = 把该类别的得分传回像素，途中在每个 ReLU 处只保留正的部分。
method-deconvnet-limits = 显示的是网络可能响应的图案，而不是它为什么这样回答；对两个类别几乎没有差别。
convention = 约定
convention-paper = 按论文
convention-keras-notebook = 按笔记本
signed = 带符号
signed-title = 红色支持该类别，蓝色反对

# 说明
caption-map = 在 `{ $layer }` 层{ $shape }中支持 **{ $class }**（{ $probability }）的部分。
caption-pixels = 在像素中支持 **{ $class }**（{ $probability }）的部分。
caption-signed = 在 `{ $layer }` 层{ $shape }中支持（红）与反对（蓝）**{ $class }**（{ $probability }）的部分。
caption-shape = （{ $channels } 个 { $height } × { $width } 的通道）
caption-heat = 热区主要位于{ $place }；其中一半集中在网络所见部分的 { $share } 上。
caption-blank = 此图为空白：{ $why }。
caption-offer-signed = 显示带符号的图
caption-how = { $method }，{ $convention }
caption-seconds = 全部层用时 { $seconds } 秒
caption-part = 网络只看到图片的中间部分
blank-not-finite = 其中含有无穷大或非数值
blank-no-gradient = 该类别的梯度没有到达这一层
blank-saturated-softmax = softmax 已饱和，梯度消失：请像论文那样解释 logit
blank-dead-layer = 这一层的所有激活都为零
blank-all-negative = 这一层的所有证据都反对该类别，带符号的图会显示出来
blank-no-effect = 图像的任何改变都没有改变该类别的得分

# 供看不到图片的人
seen-nothing = 还没有图片
seen-picture = 图片 { $name }
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
sheet-scaling = 亮度
sheet-scaling-channel = 每个通道单独缩放
sheet-scaling-layer = 全部按本层最大值
sheet-words = { $channels } 张 { $height } × { $width } 的特征图。
sheet-silent = 其中 { $count } 张处处为零：黑色。
sheet-hint = 点击一格，把它叠加到图片上。
channel-over = 图片上叠加了通道 { $channel }。
channel-away = 移除
channel = 通道 { $channel }
strongest = 最强的通道
strongest-words = `{ $layer }` 层：平均 { $mean }，最大 { $maximum }，{ $zeros } 为零。通道按总和排序；选择一个叠加到图片上：
no-classifier = 该模型没有分类器，因此没有可解释的类别。

# 反卷积网络
descent-title = 送回像素空间的通道
channels = 通道
channels-title = top4 表示最强的四个，也可以写编号，例如 433,298 或 0..7
rule = 规则
mode = 送回的内容
mode-all = 整张特征图
mode-max = 仅其最大值
descent-seconds = 用时 { $seconds } 秒，一批完成。
panel-sum = 总和 { $sum }
panel-dead = 没有响应

# 滤波器
patterns-title = 让滤波器响应的图案
filters = 滤波器
filters-title = 编号，例如 0..15 或 3,7；top9 表示全部中最好的九个
steps = 步数
pixels = 像素
seed = 种子
way = 做法
way-lucid = lucid
way-keras-notebook = 笔记本
colours-true = 真实
colours-as-stored = 第一通道作红色
stop = 停止
draw = 绘制
patterns-progress = 所有滤波器共 { $total } 步，已完成 { $done } 步
patterns-words = `{ $layer }` 层。每个图案下方：滤波器开始时与现在的响应强度。
patterns-seconds = { $seconds } 秒。

# 页脚
footer-title = 如何解读
footer-words = Grad-CAM 按类别得分随每张特征图增长的程度为该层的特征图加权：亮的地方支持该类别。它显示得分在该层分辨率下取决于什么；它不能证明网络理解画面内容。
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
compare-correlation = 两张图的相关系数：{ $correlation }
compare-no-correlation = 处处相同的图与其他图没有相关系数。
compare-difference = 红色表示现在更强，蓝色表示现在更弱，最多相差刻度的 { $largest }
compare-same = 没有差别
compare-shared = 使用同一刻度
compare-units = 两者的模型、方法或约定不同，数值的单位也不同：使用同一刻度意义不大。

# 更多图片
tray = 已提供的图片
picture-folder = 打开文件夹
no-pictures = 这些文件中没有图片；可以读取 PNG、JPEG、WebP、GIF、BMP 和 TIFF。
camera = 摄像头画面
camera-on = 使用摄像头
camera-once = 拍一张
camera-live = 实时
camera-off = 关闭
camera-refused = 没有摄像头，或浏览器未获准使用它；请在地址栏旁允许使用，或选择一张图片。
camera-nothing = 摄像头还没有画面；请稍后再试。

# 帮助
help-title = 帮助与按键
help-step-picture = 选择一张图片、拖放到任意位置、粘贴，或使用摄像头。图片不会离开这台电脑。
help-step-class = 选择网络看到的类别之一，或搜索任何其他类别。
help-step-layer = 逐层查看：浅层精细而局部，深层粗略而关乎物体。
help-step-compare = 保留一个解释，然后改变任何选项：两者并排显示，并给出差别。
help-keys = 按键
help-help = 本帮助
help-techniques = 技术
help-layers = 在层与技术之间移动
help-search = 搜索类别
help-open = 选择图片
help-keep = 保留以便比较，或结束比较
help-close = 关闭
close = 关闭

# Save or share
save = 保存或分享
save-picture = 图片（PNG）
save-caption = 下方附文字说明
save-layers = 所有层（zip）
save-array = 本图的数值（.npy）
save-manifest = manifest.json
copy-link = 复制当前视图的链接
copied = 已复制链接
copy-failed = 此浏览器不允许页面复制链接；链接就在地址栏中。
link-too-long = 该链接比本页面的任何链接都长，因此不予采用。
link-not-understood = 无法理解链接中的 { $keys }，已忽略。
link-own-picture = 制作该链接时所用的图片不在链接中：请选择那张图片，以查看同样的视图。
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

picture-elsewhere = 图片 { $address } 不属于本页面的来源，因此不会加载；请下载后再选择该文件。
time-left = 大约还需 { $seconds } 秒。

# 引擎的错误：每个代码一句，英文句子在引擎自己的源码里。`cause` 是嵌在句中的另一个错误。
error-foreign = { $error }
error-cancelled = 操作已取消。
error-cannot-read = 无法读取 { $path }：{ $source }；请检查路径及其权限。
error-cannot-write = 无法写入 { $path }：{ $source }；请换一个文件夹、腾出一些空间，或修改其权限。

# 引擎的错误：图片
error-picture-bytes = 给出的字节不是 { $width } × { $height } 的图片。
error-picture-empty = 图片的大小是 { $width } × { $height } 像素：没有可看的内容。
error-picture-too-large = 图片的大小是 { $width } × { $height } 像素；每边最多 { $side }、总共最多 { $millions } 百万像素：请把它缩小。
error-picture-memory = 内存不足以处理 { $width } × { $height } 像素的图片；请把它缩小，或给程序更多内存。
error-picture-unreadable = 这不是能够读取的图片（{ $cause }）；请使用 PNG、JPEG、WebP、GIF、BMP 或 TIFF。
error-picture-beginning = 文件开头不属于任何一种图片格式
error-picture-damaged = 图片已损坏
error-picture-fractions = 它的数值是小数，无法确定哪个值代表白色
error-picture-cut = 这个 { $kind } 文件在图片结束之前就中断了；请重新获取该文件。
error-picture-kind = 这是{ $cause }，convscope 不读取它的像素；请在看图软件中打开它，另存为 JPEG 或 PNG。
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
error-classifier-in-part = logits、probabilities 和 labels 必须同时存在，或同时不存在
error-output-unknown = 输出 { $name } 不是图中的节点
error-output-shape = 输出 { $name } 的形状是 { $shape }，而标签有 { $labels } 个
error-input-size = 输入不能是 { $width } × { $height } 像素
error-short-side = 短边 { $side } 容纳不下 { $width } × { $height } 的输入
error-preprocessing = 预处理除以了 0，或含有非数值
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
error-no-picture = 还没有看过任何图片；请先给出一张。
error-method-unknown = 没有方法 { $method }；请从这些中选择：{ $known }。
error-method-unknown-near = 没有方法 { $method }（是否指 { $near }？）；请从这些中选择：{ $known }。
error-convention-unknown = 没有约定 { $name }；请从这些中选择：{ $known }。
error-convention-of-method = { $method } 没有约定 { $convention }；请从这些中选择：{ $known }。
error-convention-of-method-near = { $method } 没有约定 { $convention }（是否指 { $near }？）；请从这些中选择：{ $known }。
error-class-needed = 方法 { $method } 解释的是类别；请指定一个类别。
error-map-needed = 方法 { $method } 度量的是另一种方法的图；请指定那种方法。
error-layer-needed = 方法 { $method } 一次只能处理一层；请指定是哪一层。
error-no-parameters = 方法 { $method } 没有参数 { $param }；它不带任何参数。
error-parameter-unknown = 方法 { $method } 没有参数 { $param }；它的参数有：{ $known }。
error-parameter-unfit = { $param } 的值是 { $value }，但必须是{ $cause }。
error-range-numbers = 从 { $min } 到 { $max } 的数
error-range-choices = 这些中的一个：{ $names }
error-range-channels = 编号（例如 3,7 或 0..63）、表示最强几个的 top4，或 all
error-range-seed = 从 0 起的整数
error-no-class = 没有指定类别；请指定一个。
error-no-classes = 没有类别。
error-no-classifier = 模型 { $model } 没有分类器，因此没有可解释的类别；请换一个模型，或查看它的激活。
error-class-missing = 模型 { $model } 没有类别 { $class }。
error-class-out-of-range = 模型 { $model } 没有类别 { $class }；它的类别是 0 到 { $last }。
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
error-layer-behind-classes = { $layer } 层不通向类别；请选择类别之前的层。
error-layer-without-input = { $layer } 层与图片无关。
error-one-layer = 这里一次只能处理一层；请指定是哪一层。
error-no-channel = 没有指定 { $layer } 层的通道；请给出几个，或写 top4。
error-no-channel-fires = { $layer } 层没有任何通道作出响应，因此没有可显示的内容；请选择其他层。
error-channel-unknown = { $layer } 层没有通道 { $channel }；它的通道是 0 到 { $last }。
error-channels-unknown = { $text } 不能表示通道：{ $cause }。
error-channels-form = 请写编号，例如 3,7 或 0..63；或写 top4 表示最强的几个，或写 all
error-filter-unknown = { $layer } 层没有滤波器 { $filter }；它的滤波器是 0 到 { $last }。
error-filter-size = 不生成 { $size } × { $size } 像素的图片；请选择 { $least } 到 { $most } 的大小。
error-filter-steps = 图片至少要改变一次；请给出 1 步或更多。

# 引擎的错误：保存
error-nothing-to-save = 还没有可以保存的完整解释；请等它完成，或先请求一个。
error-zip-file = zip 文件容纳不下 { $name }（{ $error }）；请一次少保存几层。
error-zip-contents = zip 文件容纳不下自己的目录（{ $error }）；请一次少保存几层。
error-no-manifest = 这不是 convscope 的清单

# 引擎的错误：基准测试
error-task-unknown = 没有名为 { $name } 的任务；有：{ $known }。
error-input-length = 输入有 { $length } 个数，而不是 { $channels } × { $height } × { $width } 个。
error-no-convolution = 模型没有可计时的、带 ReLU 的卷积。
