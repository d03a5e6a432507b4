#include "storage/vips/thumbhash.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace banter::vips {

namespace {

/// Of every pixel a value.
using Plane = std::vector<double>;

struct Planes {
    Plane lightness;
    Plane yellow_blue;
    Plane red_green;
    Plane alpha;
    bool transparent = false;
};

struct Colour {
    double red = 0;
    double green = 0;
    double blue = 0;
    /// Of all pixels together.
    double alpha = 0;
};

Colour average_of(const Pixels& pixels) {
    Colour sum;
    for (std::size_t at = 0; at < pixels.rgba.size(); at += 4) {
        const double alpha = pixels.rgba[at + 3] / 255.0;
        sum.red += alpha / 255 * pixels.rgba[at];
        sum.green += alpha / 255 * pixels.rgba[at + 1];
        sum.blue += alpha / 255 * pixels.rgba[at + 2];
        sum.alpha += alpha;
    }
    if (sum.alpha > 0) {
        sum.red /= sum.alpha;
        sum.green /= sum.alpha;
        sum.blue /= sum.alpha;
    }
    return sum;
}

/// What is transparent shows the average colour.
Planes planes_of(const Pixels& pixels) {
    const Colour average = average_of(pixels);
    Planes planes;
    const std::size_t count = pixels.rgba.size() / 4;
    planes.transparent = average.alpha < static_cast<double>(count);
    for (std::size_t at = 0; at < pixels.rgba.size(); at += 4) {
        const double alpha = pixels.rgba[at + 3] / 255.0;
        const double red = average.red * (1 - alpha) + alpha / 255 * pixels.rgba[at];
        const double green = average.green * (1 - alpha) + alpha / 255 * pixels.rgba[at + 1];
        const double blue = average.blue * (1 - alpha) + alpha / 255 * pixels.rgba[at + 2];
        planes.lightness.push_back((red + green + blue) / 3);
        planes.yellow_blue.push_back((red + green) / 2 - blue);
        planes.red_green.push_back(red - green);
        planes.alpha.push_back(alpha);
    }
    return planes;
}

struct Size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// The constant part of a plane, and its waves, each from 0 to 1 where 0.5 is none.
struct Waves {
    double constant = 0;
    double scale = 0;
    std::vector<double> waves;
};

/// How much of the wave that goes `cx` and `cy` times through half the picture is in `plane`.
double wave(const Plane& plane, Size size, std::uint32_t cx, std::uint32_t cy) {
    const auto angle = [](std::uint32_t count, std::uint32_t length, std::uint32_t at) {
        return std::cos(std::numbers::pi / length * count * (at + 0.5));
    };
    std::vector<double> across(size.width);
    for (std::uint32_t x = 0; x < size.width; ++x) across[x] = angle(cx, size.width, x);
    double sum = 0;
    std::size_t at = 0;
    for (std::uint32_t y = 0; y < size.height; ++y) {
        const double down = angle(cy, size.height, y);
        for (std::uint32_t x = 0; x < size.width; ++x) sum += plane[at++] * across[x] * down;
    }
    return sum / (static_cast<double>(size.width) * size.height);
}

Waves waves_of(const Plane& plane, Size size, Size count) {
    Waves found;
    for (std::uint32_t cy = 0; cy < count.height; ++cy) {
        for (std::uint32_t cx = 0; cx * count.height < count.width * (count.height - cy); ++cx) {
            const double value = wave(plane, size, cx, cy);
            if (cx == 0 && cy == 0) {
                found.constant = value;
                continue;
            }
            found.waves.push_back(value);
            found.scale = std::max(found.scale, std::abs(value));
        }
    }
    if (found.scale > 0) {
        for (double& value : found.waves) value = 0.5 + 0.5 / found.scale * value;
    }
    return found;
}

/// As Math.round: halves go up.
std::uint32_t rounded(double value) {
    return static_cast<std::uint32_t>(std::max(0.0, std::floor(value + 0.5)));
}

/// Which lightness waves a picture of this shape gets: more along its longer side, fewer if alpha
/// takes room too.
Size lightness_waves(const Pixels& pixels, bool transparent) {
    const double most = transparent ? 5 : 7;
    const double longer = std::max(pixels.width, pixels.height);
    return {
        std::max(1U, rounded(most * pixels.width / longer)),
        std::max(1U, rounded(most * pixels.height / longer))};
}

class Packing {
public:
    void byte(std::uint32_t value) { bytes_.push_back(static_cast<std::uint8_t>(value & 255)); }
    void waves(const Waves& waves) {
        for (const double value : waves.waves) half_byte(rounded(15 * value));
    }
    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

private:
    void half_byte(std::uint32_t value) {
        if (low_) {
            byte(value & 15);
        } else {
            bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value & 15) << 4);
        }
        low_ = !low_;
    }

    std::vector<std::uint8_t> bytes_;
    bool low_ = true;
};

}  // namespace

std::vector<std::uint8_t> thumbhash(const Pixels& pixels) {
    CHECK(pixels.width > 0 && pixels.width <= thumbhash_side_max);
    CHECK(pixels.height > 0 && pixels.height <= thumbhash_side_max);
    CHECK(pixels.rgba.size() == std::size_t{4} * pixels.width * pixels.height);
    const Planes planes = planes_of(pixels);
    const Size size{pixels.width, pixels.height};
    const Size most = lightness_waves(pixels, planes.transparent);
    const Waves lightness =
        waves_of(planes.lightness, size, {std::max(3U, most.width), std::max(3U, most.height)});
    const Waves yellow_blue = waves_of(planes.yellow_blue, size, {3, 3});
    const Waves red_green = waves_of(planes.red_green, size, {3, 3});

    const std::uint32_t first =
        rounded(63 * lightness.constant) | rounded(31.5 + 31.5 * yellow_blue.constant) << 6 |
        rounded(31.5 + 31.5 * red_green.constant) << 12 | rounded(31 * lightness.scale) << 18 |
        (planes.transparent ? 1U : 0U) << 23;
    const bool landscape = size.width > size.height;
    const std::uint32_t second = (landscape ? most.height : most.width) |
                                 rounded(63 * yellow_blue.scale) << 3 |
                                 rounded(63 * red_green.scale) << 9 | (landscape ? 1U : 0U) << 15;
    Packing hash;
    for (const int shift : {0, 8, 16}) hash.byte(first >> shift);
    for (const int shift : {0, 8}) hash.byte(second >> shift);
    Waves alpha;
    if (planes.transparent) {
        alpha = waves_of(planes.alpha, size, {5, 5});
        hash.byte(rounded(15 * alpha.constant) | rounded(15 * alpha.scale) << 4);
    }
    hash.waves(lightness);
    hash.waves(yellow_blue);
    hash.waves(red_green);
    hash.waves(alpha);
    return hash.take();
}

}  // namespace banter::vips
