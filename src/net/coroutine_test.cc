#include "net/coroutine.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace plasm::net {
namespace {

constexpr std::size_t kStack = 256 << 10;

class Body final : public CoroutineBody {
 public:
  explicit Body(std::function<void()> run) : run_(std::move(run)) {}
  void Run() noexcept override { run_(); }

 private:
  std::function<void()> run_;
};

TEST(CoroutineTest, SleepsInTheMiddleAndGoesOn) {
  Coroutine coroutine(kStack);
  std::vector<int> order;
  Body body([&] {
    order.push_back(1);
    coroutine.Sleep();
    order.push_back(3);
    coroutine.Sleep();
    order.push_back(5);
  });
  coroutine.Start(body);
  order.push_back(2);
  coroutine.Resume();
  order.push_back(4);
  EXPECT_FALSE(coroutine.ended());
  coroutine.Resume();
  EXPECT_TRUE(coroutine.ended());
  EXPECT_EQ(order, (std::vector{1, 2, 3, 4, 5}));
}

TEST(CoroutineTest, AStackServesManyBodies) {
  Coroutine coroutine(kStack);
  int runs = 0;
  Body body([&] {
    ++runs;
    coroutine.Sleep();
  });
  for (int i = 0; i < 1000; ++i) {
    coroutine.Start(body);
    coroutine.Resume();
    EXPECT_TRUE(coroutine.ended());
  }
  EXPECT_EQ(runs, 1000);
}

TEST(CoroutineTest, ExceptionsAreCaughtWithinTheirStack) {
  CoroutinePool pool(kStack);
  std::vector<std::string> caught;
  std::vector<std::unique_ptr<Coroutine>> sleeping;
  std::vector<std::unique_ptr<Body>> bodies;
  for (int i = 0; i < 10; ++i) {
    sleeping.push_back(pool.Take());
    Coroutine* self = sleeping.back().get();
    bodies.push_back(std::make_unique<Body>([&caught, self, i] {
      try {
        self->Sleep();
        throw std::runtime_error(std::to_string(i));
      } catch (const std::exception& error) {
        caught.emplace_back(error.what());
      }
    }));
    self->Start(*bodies.back());
  }
  for (auto& coroutine : sleeping) {
    coroutine->Resume();
    pool.Give(std::move(coroutine));
  }
  EXPECT_EQ(caught.size(), 10u);
  EXPECT_EQ(caught.front(), "0");
}

TEST(CoroutineTest, ThePoolGivesStacksAgain) {
  CoroutinePool pool(kStack);
  auto first = pool.Take();
  const Coroutine* address = first.get();
  pool.Give(std::move(first));
  EXPECT_EQ(pool.Take().get(), address);
}

TEST(CoroutineDeathTest, AStackThatIsTooSmallEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Coroutine coroutine(64 << 10);
        Body body([] {
          volatile char room[80 << 10];  // from the upper end, as deeper and deeper calls would
          for (std::size_t i = sizeof(room); i > 0; i -= 1024) room[i - 1] = 1;
        });
        coroutine.Start(body);
      },
      "");
}

}  // namespace
}  // namespace plasm::net
