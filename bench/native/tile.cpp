// Measures how fast the register tile of the dense products could be. Times the loops of tile.S, and prints a
// line for each, "order stepsATurn GFLOP/s": the best of many rounds. All data lie in the level-1 cache.
#include <chrono>
#include <cstdio>
#include <vector>
#include <immintrin.h>

using Tile = __m128(const float *x, long stride, const float *W, long steps, const long *limit);
extern "C" Tile v8_2, v8_4, v8_8, v8_pairs_2, v8_pairs_4, v8_pairs_8;
extern "C" Tile tiles_2, tiles_4, tiles_8, by_row_2, by_row_4, by_row_8;

struct Loop {
  const char *order;
  int turn;
  Tile *run;
  double best;
};

int main() {
  Loop loops[] = {
    {"v8", 2, v8_2, 0},             {"v8", 4, v8_4, 0},             {"v8", 8, v8_8, 0},
    {"v8-pairs", 2, v8_pairs_2, 0}, {"v8-pairs", 4, v8_pairs_4, 0}, {"v8-pairs", 8, v8_pairs_8, 0},
    {"tile", 2, tiles_2, 0},        {"tile", 4, tiles_4, 0},        {"tile", 8, tiles_8, 0},
    {"by-row", 2, by_row_2, 0},     {"by-row", 4, by_row_4, 0},     {"by-row", 8, by_row_8, 0},
  };
  const long steps = 128, width = steps + 16, limit = 0;
  const int calls = 64, rounds = 2000;
  std::vector<float> x(4 * width, 0.5f), W(8 * steps, 0.25f);
  float sum = 0;
  for (int round = 0; round < rounds; round++) {
    for (Loop &loop : loops) {
      const auto begun = std::chrono::steady_clock::now();
      for (int call = 0; call < calls; call++)
        sum += _mm_cvtss_f32(loop.run(x.data(), width * 4, W.data(), steps, &limit));
      const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begun;
      const double rate = calls * steps * 64.0 / time.count();
      if (rate > loop.best) loop.best = rate;
    }
  }
  for (const Loop &loop : loops) std::printf("%s %d %.2f\n", loop.order, loop.turn, loop.best);
  return sum == 0;
}
