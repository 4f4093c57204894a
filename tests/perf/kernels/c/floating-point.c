// Floating point: bodies that attract each other and a matrix factored in place in double precision (divisions and square roots, too), a filter in single precision.
#include "kernel.h"

#define BODIES 5
#define SIZE 24
#define TAPS 16
#define SAMPLES 256

static double position[BODIES][3], velocity[BODIES][3], mass[BODIES], matrix[SIZE][SIZE];
static float taps[TAPS], samples[SAMPLES + TAPS];

static void start(void) {
  for (int i = 0; i < BODIES; i += 1) {
    mass[i] = 1.0 / (i + 1);
    for (int axis = 0; axis < 3; axis += 1) {
      position[i][axis] = (i * 7 + axis * 3) % 11 - 5.25;
      velocity[i][axis] = ((i * 5 + axis) % 7 - 3) * 0.125;
    }
  }
  for (int i = 0; i < TAPS; i += 1) taps[i] = 0.5f / (float)(i + 1);
  for (int i = 0; i < SAMPLES + TAPS; i += 1) samples[i] = (float)(i * 37 % 101) * 0.01f;
}

static void move(double time) {
  for (int i = 0; i < BODIES; i += 1) {
    for (int j = i + 1; j < BODIES; j += 1) {
      double away[3], square = 0.01;
      for (int axis = 0; axis < 3; axis += 1) {
        away[axis] = position[i][axis] - position[j][axis];
        square += away[axis] * away[axis];
      }
      double pull = time / (square * __builtin_sqrt(square));
      for (int axis = 0; axis < 3; axis += 1) {
        velocity[i][axis] -= away[axis] * mass[j] * pull;
        velocity[j][axis] += away[axis] * mass[i] * pull;
      }
    }
  }
  for (int i = 0; i < BODIES; i += 1) for (int axis = 0; axis < 3; axis += 1) position[i][axis] += time * velocity[i][axis];
}

static double factored(double seed) {
  for (int i = 0; i < SIZE; i += 1) for (int j = 0; j < SIZE; j += 1) matrix[i][j] = i == j ? SIZE + seed : 1.0 / (1 + i + 2 * j);
  double determinant = 1;
  for (int k = 0; k < SIZE; k += 1) {
    determinant *= matrix[k][k] / SIZE;
    for (int i = k + 1; i < SIZE; i += 1) {
      double factor = matrix[i][k] / matrix[k][k];
      for (int j = k; j < SIZE; j += 1) matrix[i][j] -= factor * matrix[k][j];
    }
  }
  return determinant;
}

static float filtered(void) {
  float least = 1e30f;
  for (int i = 0; i < SAMPLES; i += 1) {
    float sum = 0;
    for (int j = 0; j < TAPS; j += 1) sum += taps[j] * samples[i + j];
    samples[i] = sum * 0.25f;
    if (sum < least) least = sum;
  }
  for (int i = 0; i < TAPS; i += 1) samples[SAMPLES + i] = samples[i * 3] + 0.5f;
  return least;
}

union bits { double number; uint64_t bits; };

uint64_t kernel(uint64_t rounds, uint64_t *arena) {
  uint64_t hash = 0;
  start();
  for (uint64_t round = 0; round < rounds; round += 1) {
    for (int i = 0; i < 20; i += 1) move(0.01);
    union bits sum = { position[0][0] + factored((double)round) + filtered() };
    hash = (hash << 5 | hash >> 59) ^ sum.bits;
  }
  arena[0] = hash;
  return hash;
}
