"""Networks of torchvision, written again from its published definitions, as print(model) shows them.

Writes two files beside the other golden cases: /usr/bin/python3 src/test/golden/make_families.py
- families.jsonl.gz: the printed networks in full size, with the parameters of all modules, and the
  multiply-accumulates of every Conv2d and Linear that a forward pass of one image calls, by hooks.
- family_values.jsonl.gz: small networks of the same classes, with weights, an input, and the output,
  in float64 and evaluation mode.
"""
import gzip
import json
import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn


# --- torchvision.ops.misc, stochastic_depth


class Conv2dNormActivation(nn.Sequential):
    def __init__(self, i, o, kernel=3, stride=1, padding=None, groups=1, norm=nn.BatchNorm2d, act=nn.ReLU, dilation=1, inplace=True, bias=None):
        padding = (kernel - 1) // 2 * dilation if padding is None else padding
        layers = [nn.Conv2d(i, o, kernel, stride, padding, dilation=dilation, groups=groups, bias=norm is None if bias is None else bias)]
        if norm is not None:
            layers.append(norm(o))
        if act is not None:
            layers.append(act(inplace=True) if inplace else act())
        super().__init__(*layers)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, squeeze, activation=nn.ReLU, scale_activation=nn.Sigmoid):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeeze, 1)
        self.fc2 = nn.Conv2d(squeeze, channels, 1)
        self.activation = activation()
        self.scale_activation = scale_activation()

    def forward(self, x):
        return self.scale_activation(self.fc2(self.activation(self.fc1(self.avgpool(x))))) * x


class StochasticDepth(nn.Module):
    def __init__(self, p, mode):
        super().__init__()
        self.p, self.mode = p, mode

    def forward(self, x):
        assert not self.training
        return x

    def __repr__(self):
        return f"{self.__class__.__name__}(p={self.p}, mode={self.mode})"


class Permute(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return torch.permute(x, self.dims)


def make_divisible(v, divisor=8):
    new = max(divisor, int(v + divisor / 2) // divisor * divisor)
    return new + divisor if new < 0.9 * v else new


# --- AlexNet, VGG


class AlexNet(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(True), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(True), nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(True), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(True), nn.Linear(4096, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class VGG(nn.Module):
    def __init__(self, config, classes=1000, norm=True, pool=7, hidden=4096):
        super().__init__()
        layers, i = [], 3
        for v in config:
            if v == "M":
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers += [nn.Conv2d(i, v, 3, padding=1)] + ([nn.BatchNorm2d(v)] if norm else []) + [nn.ReLU(True)]
                i = v
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((pool, pool))
        self.classifier = nn.Sequential(nn.Linear(i * pool * pool, hidden), nn.ReLU(True), nn.Dropout(p=0.5), nn.Linear(hidden, hidden), nn.ReLU(True), nn.Dropout(p=0.5), nn.Linear(hidden, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


# --- ResNet, ResNeXt, Wide ResNet


def conv3x3(i, o, stride=1, groups=1, dilation=1):
    return nn.Conv2d(i, o, 3, stride, dilation, groups=groups, bias=False, dilation=dilation)


def conv1x1(i, o, stride=1):
    return nn.Conv2d(i, o, 1, stride, bias=False)


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, i, planes, stride=1, downsample=None, groups=1, base=64, dilation=1):
        super().__init__()
        self.conv1 = conv3x3(i, planes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, i, planes, stride=1, downsample=None, groups=1, base=64, dilation=1):
        super().__init__()
        width = int(planes * (base / 64.0)) * groups
        self.conv1 = conv1x1(i, width)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = conv3x3(width, width, stride, groups, dilation)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = conv1x1(width, planes * 4)
        self.bn3 = nn.BatchNorm2d(planes * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)


class ResNet(nn.Module):
    def __init__(self, block, layers, classes=1000, groups=1, base=64, width=64):
        super().__init__()
        self.inplanes = width
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for k in range(4):
            setattr(self, f"layer{k + 1}", self.stage(block, width * 2**k, layers[k], 1 if k == 0 else 2, groups, base))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(width * 8 * block.expansion, classes)

    def stage(self, block, planes, blocks, stride, groups, base):
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(conv1x1(self.inplanes, planes * block.expansion, stride), nn.BatchNorm2d(planes * block.expansion))
        layers = [block(self.inplanes, planes, stride, downsample, groups, base)]
        self.inplanes = planes * block.expansion
        layers += [block(self.inplanes, planes, groups=groups, base=base) for _ in range(1, blocks)]
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


# --- DenseNet


class _DenseLayer(nn.Module):
    def __init__(self, i, growth, bn_size):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(i)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(i, bn_size * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(bn_size * growth)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(bn_size * growth, growth, 3, padding=1, bias=False)

    def forward(self, inputs):
        bottleneck = self.conv1(self.relu1(self.norm1(torch.cat(inputs, 1))))
        return self.conv2(self.relu2(self.norm2(bottleneck)))


class _DenseBlock(nn.ModuleDict):
    def __init__(self, layers, i, bn_size, growth):
        super().__init__()
        for k in range(layers):
            self.add_module(f"denselayer{k + 1}", _DenseLayer(i + k * growth, growth, bn_size))

    def forward(self, x):
        features = [x]
        for layer in self.values():
            features.append(layer(features))
        return torch.cat(features, 1)


class _Transition(nn.Sequential):
    def __init__(self, i, o):
        super().__init__()
        self.norm = nn.BatchNorm2d(i)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(i, o, 1, bias=False)
        self.pool = nn.AvgPool2d(2, 2)


class DenseNet(nn.Module):
    def __init__(self, growth=32, config=(6, 12, 24, 16), init=64, bn_size=4, classes=1000):
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv0", nn.Conv2d(3, init, 7, 2, 3, bias=False))
        self.features.add_module("norm0", nn.BatchNorm2d(init))
        self.features.add_module("relu0", nn.ReLU(inplace=True))
        self.features.add_module("pool0", nn.MaxPool2d(3, 2, 1))
        n = init
        for k, layers in enumerate(config):
            self.features.add_module(f"denseblock{k + 1}", _DenseBlock(layers, n, bn_size, growth))
            n += layers * growth
            if k != len(config) - 1:
                self.features.add_module(f"transition{k + 1}", _Transition(n, n // 2))
                n //= 2
        self.features.add_module("norm5", nn.BatchNorm2d(n))
        self.classifier = nn.Linear(n, classes)

    def forward(self, x):
        out = F.relu(self.features(x), inplace=True)
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(out, (1, 1)), 1))


# --- SqueezeNet


class Fire(nn.Module):
    def __init__(self, i, squeeze, e1, e3):
        super().__init__()
        self.squeeze = nn.Conv2d(i, squeeze, 1)
        self.squeeze_activation = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeeze, e1, 1)
        self.expand1x1_activation = nn.ReLU(inplace=True)
        self.expand3x3 = nn.Conv2d(squeeze, e3, 3, padding=1)
        self.expand3x3_activation = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.squeeze_activation(self.squeeze(x))
        return torch.cat([self.expand1x1_activation(self.expand1x1(x)), self.expand3x3_activation(self.expand3x3(x))], 1)


class SqueezeNet(nn.Module):
    def __init__(self, version="1_1", classes=1000, d=1):
        super().__init__()

        def fire(i, s, e):
            return Fire(i // d, s // d, e // d, e // d)

        def pool():
            return nn.MaxPool2d(3, 2, ceil_mode=True)

        if version == "1_0":
            self.features = nn.Sequential(
                nn.Conv2d(3, 96 // d, 7, 2), nn.ReLU(True), pool(), fire(96, 16, 64), fire(128, 16, 64), fire(128, 32, 128), pool(),
                fire(256, 32, 128), fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), pool(), fire(512, 64, 256))
        else:
            self.features = nn.Sequential(
                nn.Conv2d(3, 64 // d, 3, 2), nn.ReLU(True), pool(), fire(64, 16, 64), fire(128, 16, 64), pool(), fire(128, 32, 128),
                fire(256, 32, 128), pool(), fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), fire(512, 64, 256))
        self.classifier = nn.Sequential(nn.Dropout(p=0.5), nn.Conv2d(512 // d, classes, 1), nn.ReLU(True), nn.AdaptiveAvgPool2d((1, 1)))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


# --- MobileNetV2


class MobileV2Residual(nn.Module):
    def __init__(self, i, o, stride, ratio):
        super().__init__()
        hidden = int(round(i * ratio))
        self.use_res_connect = stride == 1 and i == o
        layers = [Conv2dNormActivation(i, hidden, 1, act=nn.ReLU6)] if ratio != 1 else []
        layers += [Conv2dNormActivation(hidden, hidden, 3, stride, groups=hidden, act=nn.ReLU6), nn.Conv2d(hidden, o, 1, bias=False), nn.BatchNorm2d(o)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.conv(x) if self.use_res_connect else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, classes=1000, setting=((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)), first=32, last=1280):
        super().__init__()
        features, i = [Conv2dNormActivation(3, first, 3, 2, act=nn.ReLU6)], first
        for t, c, n, s in setting:
            for k in range(n):
                features.append(MobileV2Residual(i, c, s if k == 0 else 1, t))
                i = c
        features.append(Conv2dNormActivation(i, last, 1, act=nn.ReLU6))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(p=0.2), nn.Linear(last, classes))

    def forward(self, x):
        x = F.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


# --- MobileNetV3


class MobileV3Residual(nn.Module):
    def __init__(self, i, kernel, expanded, o, se, activation, stride, norm):
        super().__init__()
        self.use_res_connect = stride == 1 and i == o
        act = nn.Hardswish if activation == "HS" else nn.ReLU
        layers = [Conv2dNormActivation(i, expanded, 1, norm=norm, act=act)] if expanded != i else []
        layers.append(Conv2dNormActivation(expanded, expanded, kernel, stride, groups=expanded, norm=norm, act=act))
        if se:
            layers.append(SqueezeExcitation(expanded, make_divisible(expanded // 4), scale_activation=nn.Hardsigmoid))
        layers.append(Conv2dNormActivation(expanded, o, 1, norm=norm, act=None))
        self.block = nn.Sequential(*layers)

    def forward(self, x):
        y = self.block(x)
        return y + x if self.use_res_connect else y


V3_LARGE = ((16, 3, 16, 16, False, "RE", 1), (16, 3, 64, 24, False, "RE", 2), (24, 3, 72, 24, False, "RE", 1), (24, 5, 72, 40, True, "RE", 2), (40, 5, 120, 40, True, "RE", 1),
            (40, 5, 120, 40, True, "RE", 1), (40, 3, 240, 80, False, "HS", 2), (80, 3, 200, 80, False, "HS", 1), (80, 3, 184, 80, False, "HS", 1), (80, 3, 184, 80, False, "HS", 1),
            (80, 3, 480, 112, True, "HS", 1), (112, 3, 672, 112, True, "HS", 1), (112, 5, 672, 160, True, "HS", 2), (160, 5, 960, 160, True, "HS", 1), (160, 5, 960, 160, True, "HS", 1))
V3_SMALL = ((16, 3, 16, 16, True, "RE", 2), (16, 3, 72, 24, False, "RE", 2), (24, 3, 88, 24, False, "RE", 1), (24, 5, 96, 40, True, "HS", 2), (40, 5, 240, 40, True, "HS", 1),
            (40, 5, 240, 40, True, "HS", 1), (40, 5, 120, 48, True, "HS", 1), (48, 5, 144, 48, True, "HS", 1), (48, 5, 288, 96, True, "HS", 2), (96, 5, 576, 96, True, "HS", 1), (96, 5, 576, 96, True, "HS", 1))


class MobileNetV3(nn.Module):
    def __init__(self, setting=V3_LARGE, last=1280, classes=1000):
        super().__init__()
        norm = partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)
        layers = [Conv2dNormActivation(3, setting[0][0], 3, 2, norm=norm, act=nn.Hardswish)]
        layers += [MobileV3Residual(*row, norm) for row in setting]
        o = setting[-1][3]
        layers.append(Conv2dNormActivation(o, 6 * o, 1, norm=norm, act=nn.Hardswish))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Linear(6 * o, last), nn.Hardswish(inplace=True), nn.Dropout(p=0.2, inplace=True), nn.Linear(last, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


# Both are called InvertedResidual in torchvision, and print so.
for name in ("MobileV2Residual", "MobileV3Residual"):
    globals()[name].__name__ = "InvertedResidual"


# --- ShuffleNetV2


def channel_shuffle(x, groups):
    b, c, h, w = x.size()
    x = x.view(b, groups, c // groups, h, w)
    return torch.transpose(x, 1, 2).contiguous().view(b, c, h, w)


class ShuffleResidual(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.stride = stride
        b = o // 2
        if stride > 1:
            self.branch1 = nn.Sequential(nn.Conv2d(i, i, 3, stride, 1, groups=i, bias=False), nn.BatchNorm2d(i), nn.Conv2d(i, b, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True))
        else:
            self.branch1 = nn.Sequential()
        self.branch2 = nn.Sequential(
            nn.Conv2d(i if stride > 1 else b, b, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True), nn.Conv2d(b, b, 3, stride, 1, groups=b, bias=False), nn.BatchNorm2d(b),
            nn.Conv2d(b, b, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True))

    def forward(self, x):
        if self.stride == 1:
            x1, x2 = x.chunk(2, dim=1)
            out = torch.cat((x1, self.branch2(x2)), dim=1)
        else:
            out = torch.cat((self.branch1(x), self.branch2(x)), dim=1)
        return channel_shuffle(out, 2)


ShuffleResidual.__name__ = "InvertedResidual"


class ShuffleNetV2(nn.Module):
    def __init__(self, repeats=(4, 8, 4), channels=(24, 116, 232, 464, 1024), classes=1000):
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(3, channels[0], 3, 2, 1, bias=False), nn.BatchNorm2d(channels[0]), nn.ReLU(inplace=True))
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        i = channels[0]
        for k, n in enumerate(repeats):
            o = channels[k + 1]
            setattr(self, f"stage{k + 2}", nn.Sequential(ShuffleResidual(i, o, 2), *[ShuffleResidual(o, o, 1) for _ in range(n - 1)]))
            i = o
        self.conv5 = nn.Sequential(nn.Conv2d(i, channels[-1], 1, bias=False), nn.BatchNorm2d(channels[-1]), nn.ReLU(inplace=True))
        self.fc = nn.Linear(channels[-1], classes)

    def forward(self, x):
        x = self.stage4(self.stage3(self.stage2(self.maxpool(self.conv1(x)))))
        return self.fc(self.conv5(x).mean([2, 3]))


# --- GoogLeNet


class BasicConv2d(nn.Module):
    def __init__(self, i, o, **kw):
        super().__init__()
        self.conv = nn.Conv2d(i, o, bias=False, **kw)
        self.bn = nn.BatchNorm2d(o, eps=0.001)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Inception(nn.Module):
    def __init__(self, i, c1, r3, c3, r5, c5, p):
        super().__init__()
        self.branch1 = BasicConv2d(i, c1, kernel_size=1)
        self.branch2 = nn.Sequential(BasicConv2d(i, r3, kernel_size=1), BasicConv2d(r3, c3, kernel_size=3, padding=1))
        self.branch3 = nn.Sequential(BasicConv2d(i, r5, kernel_size=1), BasicConv2d(r5, c5, kernel_size=3, padding=1))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), BasicConv2d(i, p, kernel_size=1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class GoogLeNetAux(nn.Module):
    def __init__(self, i, classes, d):
        super().__init__()
        self.conv = BasicConv2d(i, 128 // d, kernel_size=1)
        self.fc1 = nn.Linear(2048 // d, 1024 // d)
        self.fc2 = nn.Linear(1024 // d, classes)
        self.dropout = nn.Dropout(p=0.7)


GoogLeNetAux.__name__ = "InceptionAux"


class GoogLeNet(nn.Module):
    def __init__(self, classes=1000, aux=False, d=1):
        super().__init__()

        def inception(*sizes):
            return Inception(*[s // d for s in sizes])

        self.conv1 = BasicConv2d(3, 64 // d, kernel_size=7, stride=2, padding=3)
        self.maxpool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = BasicConv2d(64 // d, 64 // d, kernel_size=1)
        self.conv3 = BasicConv2d(64 // d, 192 // d, kernel_size=3, padding=1)
        self.maxpool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.inception3a = inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = inception(256, 128, 128, 192, 32, 96, 64)
        self.maxpool3 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.inception4a = inception(480, 192, 96, 208, 16, 48, 64)
        self.inception4b = inception(512, 160, 112, 224, 24, 64, 64)
        self.inception4c = inception(512, 128, 128, 256, 24, 64, 64)
        self.inception4d = inception(512, 112, 144, 288, 32, 64, 64)
        self.inception4e = inception(528, 256, 160, 320, 32, 128, 128)
        self.maxpool4 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.inception5a = inception(832, 256, 160, 320, 32, 128, 128)
        self.inception5b = inception(832, 384, 192, 384, 48, 128, 128)
        self.aux1 = GoogLeNetAux(512 // d, classes, d) if aux else None
        self.aux2 = GoogLeNetAux(528 // d, classes, d) if aux else None
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.dropout = nn.Dropout(p=0.2)
        self.fc = nn.Linear(1024 // d, classes)

    def forward(self, x):
        x = self.maxpool2(self.conv3(self.conv2(self.maxpool1(self.conv1(x)))))
        x = self.maxpool3(self.inception3b(self.inception3a(x)))
        x = self.inception4d(self.inception4c(self.inception4b(self.inception4a(x))))
        x = self.inception5b(self.inception5a(self.maxpool4(self.inception4e(x))))
        return self.fc(self.dropout(torch.flatten(self.avgpool(x), 1)))


# --- Inception v3


class InceptionA(nn.Module):
    def __init__(self, i, pool, d):
        super().__init__()
        self.branch1x1 = BasicConv2d(i, 64 // d, kernel_size=1)
        self.branch5x5_1 = BasicConv2d(i, 48 // d, kernel_size=1)
        self.branch5x5_2 = BasicConv2d(48 // d, 64 // d, kernel_size=5, padding=2)
        self.branch3x3dbl_1 = BasicConv2d(i, 64 // d, kernel_size=1)
        self.branch3x3dbl_2 = BasicConv2d(64 // d, 96 // d, kernel_size=3, padding=1)
        self.branch3x3dbl_3 = BasicConv2d(96 // d, 96 // d, kernel_size=3, padding=1)
        self.branch_pool = BasicConv2d(i, pool // d, kernel_size=1)

    def forward(self, x):
        b5 = self.branch5x5_2(self.branch5x5_1(x))
        b3 = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat([self.branch1x1(x), b5, b3, self.branch_pool(F.avg_pool2d(x, 3, 1, 1))], 1)


class InceptionB(nn.Module):
    def __init__(self, i, d):
        super().__init__()
        self.branch3x3 = BasicConv2d(i, 384 // d, kernel_size=3, stride=2)
        self.branch3x3dbl_1 = BasicConv2d(i, 64 // d, kernel_size=1)
        self.branch3x3dbl_2 = BasicConv2d(64 // d, 96 // d, kernel_size=3, padding=1)
        self.branch3x3dbl_3 = BasicConv2d(96 // d, 96 // d, kernel_size=3, stride=2)

    def forward(self, x):
        return torch.cat([self.branch3x3(x), self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x))), F.max_pool2d(x, 3, 2)], 1)


class InceptionC(nn.Module):
    def __init__(self, i, c7, d):
        super().__init__()
        c7, o = c7 // d, 192 // d
        row, column = dict(kernel_size=(1, 7), padding=(0, 3)), dict(kernel_size=(7, 1), padding=(3, 0))
        self.branch1x1 = BasicConv2d(i, o, kernel_size=1)
        self.branch7x7_1 = BasicConv2d(i, c7, kernel_size=1)
        self.branch7x7_2 = BasicConv2d(c7, c7, **row)
        self.branch7x7_3 = BasicConv2d(c7, o, **column)
        self.branch7x7dbl_1 = BasicConv2d(i, c7, kernel_size=1)
        self.branch7x7dbl_2 = BasicConv2d(c7, c7, **column)
        self.branch7x7dbl_3 = BasicConv2d(c7, c7, **row)
        self.branch7x7dbl_4 = BasicConv2d(c7, c7, **column)
        self.branch7x7dbl_5 = BasicConv2d(c7, o, **row)
        self.branch_pool = BasicConv2d(i, o, kernel_size=1)

    def forward(self, x):
        b7 = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        d7 = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
        d7 = self.branch7x7dbl_5(self.branch7x7dbl_4(d7))
        return torch.cat([self.branch1x1(x), b7, d7, self.branch_pool(F.avg_pool2d(x, 3, 1, 1))], 1)


class InceptionD(nn.Module):
    def __init__(self, i, d):
        super().__init__()
        o = 192 // d
        self.branch3x3_1 = BasicConv2d(i, o, kernel_size=1)
        self.branch3x3_2 = BasicConv2d(o, 320 // d, kernel_size=3, stride=2)
        self.branch7x7x3_1 = BasicConv2d(i, o, kernel_size=1)
        self.branch7x7x3_2 = BasicConv2d(o, o, kernel_size=(1, 7), padding=(0, 3))
        self.branch7x7x3_3 = BasicConv2d(o, o, kernel_size=(7, 1), padding=(3, 0))
        self.branch7x7x3_4 = BasicConv2d(o, o, kernel_size=3, stride=2)

    def forward(self, x):
        b7 = self.branch7x7x3_4(self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x))))
        return torch.cat([self.branch3x3_2(self.branch3x3_1(x)), b7, F.max_pool2d(x, 3, 2)], 1)


class InceptionE(nn.Module):
    def __init__(self, i, d):
        super().__init__()
        o = 384 // d
        self.branch1x1 = BasicConv2d(i, 320 // d, kernel_size=1)
        self.branch3x3_1 = BasicConv2d(i, o, kernel_size=1)
        self.branch3x3_2a = BasicConv2d(o, o, kernel_size=(1, 3), padding=(0, 1))
        self.branch3x3_2b = BasicConv2d(o, o, kernel_size=(3, 1), padding=(1, 0))
        self.branch3x3dbl_1 = BasicConv2d(i, 448 // d, kernel_size=1)
        self.branch3x3dbl_2 = BasicConv2d(448 // d, o, kernel_size=3, padding=1)
        self.branch3x3dbl_3a = BasicConv2d(o, o, kernel_size=(1, 3), padding=(0, 1))
        self.branch3x3dbl_3b = BasicConv2d(o, o, kernel_size=(3, 1), padding=(1, 0))
        self.branch_pool = BasicConv2d(i, 192 // d, kernel_size=1)

    def forward(self, x):
        b3 = self.branch3x3_1(x)
        b3 = torch.cat([self.branch3x3_2a(b3), self.branch3x3_2b(b3)], 1)
        d3 = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        d3 = torch.cat([self.branch3x3dbl_3a(d3), self.branch3x3dbl_3b(d3)], 1)
        return torch.cat([self.branch1x1(x), b3, d3, self.branch_pool(F.avg_pool2d(x, 3, 1, 1))], 1)


class InceptionV3Aux(nn.Module):
    def __init__(self, i, classes):
        super().__init__()
        self.conv0 = BasicConv2d(i, 128, kernel_size=1)
        self.conv1 = BasicConv2d(128, 768, kernel_size=5)
        self.fc = nn.Linear(768, classes)


InceptionV3Aux.__name__ = "InceptionAux"


class Inception3(nn.Module):
    def __init__(self, classes=1000, aux=False, d=1):
        super().__init__()
        self.Conv2d_1a_3x3 = BasicConv2d(3, 32 // d, kernel_size=3, stride=2)
        self.Conv2d_2a_3x3 = BasicConv2d(32 // d, 32 // d, kernel_size=3)
        self.Conv2d_2b_3x3 = BasicConv2d(32 // d, 64 // d, kernel_size=3, padding=1)
        self.maxpool1 = nn.MaxPool2d(3, 2)
        self.Conv2d_3b_1x1 = BasicConv2d(64 // d, 80 // d, kernel_size=1)
        self.Conv2d_4a_3x3 = BasicConv2d(80 // d, 192 // d, kernel_size=3)
        self.maxpool2 = nn.MaxPool2d(3, 2)
        self.Mixed_5b = InceptionA(192 // d, 32, d)
        self.Mixed_5c = InceptionA(256 // d, 64, d)
        self.Mixed_5d = InceptionA(288 // d, 64, d)
        self.Mixed_6a = InceptionB(288 // d, d)
        self.Mixed_6b = InceptionC(768 // d, 128, d)
        self.Mixed_6c = InceptionC(768 // d, 160, d)
        self.Mixed_6d = InceptionC(768 // d, 160, d)
        self.Mixed_6e = InceptionC(768 // d, 192, d)
        self.AuxLogits = InceptionV3Aux(768 // d, classes) if aux else None
        self.Mixed_7a = InceptionD(768 // d, d)
        self.Mixed_7b = InceptionE(1280 // d, d)
        self.Mixed_7c = InceptionE(2048 // d, d)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.dropout = nn.Dropout(p=0.5)
        self.fc = nn.Linear(2048 // d, classes)

    def forward(self, x):
        x = self.maxpool1(self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x))))
        x = self.maxpool2(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x)))
        x = self.Mixed_6a(self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(x))))
        x = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(x))))
        x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x)))
        return self.fc(torch.flatten(self.dropout(self.avgpool(x)), 1))


# --- EfficientNet and V2


class MBConv(nn.Module):
    def __init__(self, ratio, kernel, stride, i, o, p, norm):
        super().__init__()
        self.use_res_connect = stride == 1 and i == o
        expanded = make_divisible(i * ratio)
        layers = [Conv2dNormActivation(i, expanded, 1, norm=norm, act=nn.SiLU)] if expanded != i else []
        layers.append(Conv2dNormActivation(expanded, expanded, kernel, stride, groups=expanded, norm=norm, act=nn.SiLU))
        layers.append(SqueezeExcitation(expanded, max(1, i // 4), activation=partial(nn.SiLU, inplace=True)))
        layers.append(Conv2dNormActivation(expanded, o, 1, norm=norm, act=None))
        self.block = nn.Sequential(*layers)
        self.stochastic_depth = StochasticDepth(p, "row")

    def forward(self, x):
        y = self.block(x)
        return self.stochastic_depth(y) + x if self.use_res_connect else y


class FusedMBConv(nn.Module):
    def __init__(self, ratio, kernel, stride, i, o, p, norm):
        super().__init__()
        self.use_res_connect = stride == 1 and i == o
        expanded = make_divisible(i * ratio)
        if expanded != i:
            layers = [Conv2dNormActivation(i, expanded, kernel, stride, norm=norm, act=nn.SiLU), Conv2dNormActivation(expanded, o, 1, norm=norm, act=None)]
        else:
            layers = [Conv2dNormActivation(i, o, kernel, stride, norm=norm, act=nn.SiLU)]
        self.block = nn.Sequential(*layers)
        self.stochastic_depth = StochasticDepth(p, "row")

    def forward(self, x):
        y = self.block(x)
        return self.stochastic_depth(y) + x if self.use_res_connect else y


B0 = ((MBConv, 1, 3, 1, 32, 16, 1), (MBConv, 6, 3, 2, 16, 24, 2), (MBConv, 6, 5, 2, 24, 40, 2), (MBConv, 6, 3, 2, 40, 80, 3), (MBConv, 6, 5, 1, 80, 112, 3), (MBConv, 6, 5, 2, 112, 192, 4), (MBConv, 6, 3, 1, 192, 320, 1))
V2_S = ((FusedMBConv, 1, 3, 1, 24, 24, 2), (FusedMBConv, 4, 3, 2, 24, 48, 4), (FusedMBConv, 4, 3, 2, 48, 64, 4), (MBConv, 4, 3, 2, 64, 128, 6), (MBConv, 6, 3, 1, 128, 160, 9), (MBConv, 6, 3, 2, 160, 256, 15))


class EfficientNet(nn.Module):
    def __init__(self, setting=B0, last=None, norm=nn.BatchNorm2d, classes=1000):
        super().__init__()
        layers = [Conv2dNormActivation(3, setting[0][4], 3, 2, norm=norm, act=nn.SiLU)]
        total, count = sum(s[6] for s in setting), 0
        for block, ratio, kernel, stride, i, o, n in setting:
            stage = []
            for k in range(n):
                stage.append(block(ratio, kernel, stride if k == 0 else 1, i if k == 0 else o, o, 0.2 * count / total, norm))
                count += 1
            layers.append(nn.Sequential(*stage))
        o = setting[-1][5]
        last = last or 4 * o
        layers.append(Conv2dNormActivation(o, last, 1, norm=norm, act=nn.SiLU))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(p=0.2, inplace=True), nn.Linear(last, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


# --- MNASNet


class MnasResidual(nn.Module):
    def __init__(self, i, o, kernel, stride, factor):
        super().__init__()
        mid = i * factor
        self.apply_residual = i == o and stride == 1
        self.layers = nn.Sequential(
            nn.Conv2d(i, mid, 1, bias=False), nn.BatchNorm2d(mid, momentum=0.0003), nn.ReLU(inplace=True), nn.Conv2d(mid, mid, kernel, padding=kernel // 2, stride=stride, groups=mid, bias=False),
            nn.BatchNorm2d(mid, momentum=0.0003), nn.ReLU(inplace=True), nn.Conv2d(mid, o, 1, bias=False), nn.BatchNorm2d(o, momentum=0.0003))

    def forward(self, x):
        return self.layers(x) + x if self.apply_residual else self.layers(x)


MnasResidual.__name__ = "_InvertedResidual"


class MNASNet(nn.Module):
    def __init__(self, depths=(32, 16, 24, 40, 80, 96, 192, 320), repeats=(3, 3, 3, 2, 4, 1), last=1280, classes=1000):
        super().__init__()
        d = depths

        def norm(c):
            return nn.BatchNorm2d(c, momentum=0.0003)

        layers = [nn.Conv2d(3, d[0], 3, padding=1, stride=2, bias=False), norm(d[0]), nn.ReLU(inplace=True), nn.Conv2d(d[0], d[0], 3, padding=1, groups=d[0], bias=False), norm(d[0]),
                  nn.ReLU(inplace=True), nn.Conv2d(d[0], d[1], 1, bias=False), norm(d[1])]
        for i, o, kernel, stride, factor, n in zip(d[1:], d[2:], (3, 5, 5, 3, 5, 3), (2, 2, 2, 1, 2, 1), (3, 3, 6, 6, 6, 6), repeats):
            layers.append(nn.Sequential(MnasResidual(i, o, kernel, stride, factor), *[MnasResidual(o, o, kernel, 1, factor) for _ in range(n - 1)]))
        layers += [nn.Conv2d(d[7], last, 1, bias=False), norm(last), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(p=0.2, inplace=True), nn.Linear(last, classes))

    def forward(self, x):
        return self.classifier(self.layers(x).mean([2, 3]))


# --- RegNet


class SimpleStemIN(Conv2dNormActivation):
    def __init__(self, i, o):
        super().__init__(i, o, 3, 2)


class BottleneckTransform(nn.Sequential):
    def __init__(self, i, o, stride, group_width, ratio, se):
        b = int(round(o * ratio))
        layers = {"a": Conv2dNormActivation(i, b, 1), "b": Conv2dNormActivation(b, b, 3, stride, groups=b // group_width)}
        if se:
            layers["se"] = SqueezeExcitation(b, int(round(se * i)))
        layers["c"] = Conv2dNormActivation(b, o, 1, act=None)
        super().__init__()
        for key, layer in layers.items():
            self.add_module(key, layer)


class ResBottleneckBlock(nn.Module):
    def __init__(self, i, o, stride, group_width, ratio, se):
        super().__init__()
        self.proj = Conv2dNormActivation(i, o, 1, stride, act=None) if i != o or stride != 1 else None
        self.f = BottleneckTransform(i, o, stride, group_width, ratio, se)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.activation((x if self.proj is None else self.proj(x)) + self.f(x))


class AnyStage(nn.Sequential):
    def __init__(self, i, o, depth, group_width, se, index):
        super().__init__()
        for k in range(depth):
            self.add_module(f"block{index}-{k}", ResBottleneckBlock(i if k == 0 else o, o, 2 if k == 0 else 1, group_width, 1.0, se))


class RegNet(nn.Module):
    def __init__(self, widths=(48, 104, 208, 440), depths=(1, 3, 6, 6), group_width=8, se=0.25, stem=32, classes=1000):
        super().__init__()
        self.stem = SimpleStemIN(3, stem)
        blocks, i = [], stem
        for k, (w, d) in enumerate(zip(widths, depths)):
            blocks.append((f"block{k + 1}", AnyStage(i, w, d, group_width, se, k + 1)))
            i = w
        self.trunk_output = nn.Sequential(__import__("collections").OrderedDict(blocks))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(i, classes)

    def forward(self, x):
        x = self.avgpool(self.trunk_output(self.stem(x)))
        return self.fc(x.flatten(start_dim=1))


# --- ConvNeXt


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps).permute(0, 3, 1, 2)


class CNBlock(nn.Module):
    def __init__(self, dim, p):
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv2d(dim, dim, 7, padding=3, groups=dim, bias=True), Permute([0, 2, 3, 1]), nn.LayerNorm(dim, eps=1e-6), nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim), Permute([0, 3, 1, 2]))
        self.layer_scale = nn.Parameter(torch.ones(dim, 1, 1) * 1e-6)
        self.stochastic_depth = StochasticDepth(p, "row")

    def forward(self, x):
        return self.stochastic_depth(self.layer_scale * self.block(x)) + x


class ConvNeXt(nn.Module):
    def __init__(self, setting=((96, 192, 3), (192, 384, 3), (384, 768, 9), (768, None, 3)), classes=1000):
        super().__init__()
        norm = partial(LayerNorm2d, eps=1e-6)
        layers = [Conv2dNormActivation(3, setting[0][0], 4, 4, 0, norm=norm, act=None, bias=True)]
        total, count = sum(s[2] for s in setting), 0
        for i, o, n in setting:
            stage = []
            for _ in range(n):
                stage.append(CNBlock(i, 0.1 * count / (total - 1.0)))
                count += 1
            layers.append(nn.Sequential(*stage))
            if o is not None:
                layers.append(nn.Sequential(norm(i), nn.Conv2d(i, o, 2, 2)))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        last = setting[-1][0]
        self.classifier = nn.Sequential(norm(last), nn.Flatten(1), nn.Linear(last, classes))

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)))


VGG16 = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]


def full():
    v2_norm = partial(nn.BatchNorm2d, eps=1e-3)
    b0 = EfficientNet()
    yield "alexnet", AlexNet(), 224
    yield "vgg16_bn", VGG(VGG16), 224
    yield "resnet18", ResNet(BasicBlock, [2, 2, 2, 2]), 224
    yield "resnet50", ResNet(Bottleneck, [3, 4, 6, 3]), 224
    yield "resnext50_32x4d", ResNet(Bottleneck, [3, 4, 6, 3], groups=32, base=4), 224
    yield "wide_resnet50_2", ResNet(Bottleneck, [3, 4, 6, 3], base=128), 224
    yield "densenet121", DenseNet(), 224
    yield "squeezenet1_0", SqueezeNet("1_0"), 224
    yield "squeezenet1_1", SqueezeNet("1_1"), 224
    yield "mobilenet_v2", MobileNetV2(), 224
    yield "mobilenet_v3_large", MobileNetV3(), 224
    yield "mobilenet_v3_small", MobileNetV3(V3_SMALL, 1024), 224
    yield "shufflenet_v2_x1_0", ShuffleNetV2(), 224
    yield "googlenet", GoogLeNet(), 224
    yield "googlenet_aux", GoogLeNet(aux=True), 224
    yield "inception_v3", Inception3(), 299
    yield "inception_v3_aux", Inception3(aux=True), 299
    yield "efficientnet_b0", b0, 224
    yield "efficientnet_v2_s", EfficientNet(V2_S, 1280, v2_norm), 384
    yield "mnasnet1_0", MNASNet(), 224
    yield "regnet_y_400mf", RegNet(), 224
    yield "regnet_x_400mf", RegNet((32, 64, 160, 400), (1, 2, 7, 12), 16, None), 224
    yield "convnext_tiny", ConvNeXt(), 224


def small():
    yield "alexnet-like-vgg", VGG([4, "M", 6, "M"], 3, False, 2, 10), 17
    yield "resnet-basic", ResNet(BasicBlock, [1, 1, 1, 1], 3, width=4), 40
    yield "resnet-bottleneck", ResNet(Bottleneck, [2, 1, 1, 1], 3, groups=2, base=32, width=4), 36
    yield "densenet", DenseNet(3, (2, 2), 6, 2, 4), 33
    yield "squeezenet", SqueezeNet("1_1", 3, 16), 40
    yield "mobilenet-v2", MobileNetV2(3, ((1, 4, 1, 1), (3, 6, 2, 2)), 4, 9), 15
    yield "mobilenet-v3", MobileNetV3(((4, 3, 4, 4, True, "RE", 1), (4, 3, 12, 6, False, "RE", 2), (6, 5, 18, 6, True, "HS", 1)), 7, 3), 21
    yield "shufflenet-v2", ShuffleNetV2((2, 1, 1), (4, 8, 8, 12, 10), 3), 40
    yield "googlenet", GoogLeNet(3, False, 16), 48
    yield "inception-v3", Inception3(3, False, 16), 80
    yield "efficientnet", EfficientNet(((FusedMBConv, 1, 3, 1, 8, 8, 1), (FusedMBConv, 2, 3, 2, 8, 8, 2), (MBConv, 2, 3, 1, 8, 8, 2)), 12, nn.BatchNorm2d, 3), 17
    yield "mnasnet", MNASNet((4, 4, 6, 6, 8, 8, 8, 8), (2, 1, 2, 1, 1, 1), 9, 3), 40
    yield "regnet", RegNet((8, 12, 16, 24), (1, 2, 1, 1), 4, 0.25, 8, 3), 36
    yield "convnext", ConvNeXt(((6, 8, 1), (8, None, 2)), 3), 17


def count(model, size):
    macs = [0]

    def hook(module, inputs, output):
        if isinstance(module, nn.Conv2d):
            macs[0] += output[0].numel() * module.weight[0].numel()
        else:
            macs[0] += output[0].numel() * module.in_features

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(hook)
    with torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    return macs[0]


def tensor(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def write(name, cases):
    with gzip.GzipFile(f"src/test/resources/golden/{name}.jsonl.gz", "wb", mtime=0) as out:
        for case in cases:
            out.write((json.dumps(case) + "\n").encode())


def full_cases():
    for name, model, size in full():
        model.eval()
        own = {key: value for key, value in model.named_parameters() if not key.startswith(("aux", "Aux"))}
        yield {"name": name, "op": "family", "args": {"input": [3, size, size]}, "text": str(model),
               "params": sum(p.numel() for p in own.values()), "macs": count(model, size)}


def small_cases():
    torch.set_default_dtype(torch.float64)
    for name, model, size in small():
        model.eval()
        for key, value in list(model.named_buffers()) + list(model.named_parameters()):
            if value.dtype == torch.float64 and (key.endswith(("running_mean", "running_var", "layer_scale")) or value.dim() == 1):
                value.data.copy_(torch.rand_like(value) * 0.5 + 0.5)
            elif value.dtype == torch.float64:
                value.data.copy_(torch.randn_like(value) / math.sqrt(value[0].numel()))
        for value in list(model.parameters()) + list(model.buffers()):
            if value.dtype == torch.float64:
                value.data.copy_(torch.round(value.data * 4096) / 4096)
        x = torch.round(torch.randn(2, 3, size, size) * 256) / 256
        y = model(x)
        weights = {k: tensor(v) for k, v in model.state_dict().items() if v.dtype == torch.float64}
        yield {"name": name, "op": "family", "args": {}, "text": str(model), "inputs": {"input": tensor(x)}, "outputs": {"output": tensor(y)}, "weights": weights}


if __name__ == "__main__":
    torch.manual_seed(20233)
    write("families", full_cases())
    write("family_values", small_cases())
