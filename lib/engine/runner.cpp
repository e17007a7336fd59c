#include "engine/runner.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "engine/context.h"

namespace mcprove {
namespace {

/// One run of one check: what it is bound to, and how it went.
struct Task {
  CheckResult result{};
  Context::Binding binding{};
  std::vector<std::size_t> waits_for{};  ///< tasks of assumed checks at the same subject
  bool started = false;
  bool done = false;
  std::uint64_t renewals = 0;  ///< of tokens, when it began
};

/// What the axes are bound to, kept alive for the whole run.
struct Subjects {
  std::vector<Issuer> issuers{};
  std::vector<mcp::Endpoint> endpoints{};
  std::vector<const Identity*> identities{};
  std::optional<Verdict> no_issuer{};  ///< what to say of issuer checks when there is none
  std::optional<Verdict> no_wire{};
};

Subjects bind(Session& session) {
  Subjects subjects;
  auto& facts = session.facts();
  if (auto issuers = facts.issuers()) subjects.issuers = *std::move(issuers);
  else subjects.no_issuer = Verdict::inconclusive(issuers.error());
  if (subjects.issuers.empty() && !subjects.no_issuer)
    subjects.no_issuer = Verdict::not_applicable(Reason::not_offered, "the target names no authorization server");
  if (const auto wires = facts.wires()) {
    for (const auto& wire : *wires) subjects.endpoints.push_back(wire.endpoint);
    if (wires->empty()) subjects.no_wire = Verdict::inconclusive(Reason::unclear_answer, "no wire of MCP was recognised");
  } else {
    subjects.no_wire = Verdict::inconclusive(wires.error());
  }
  for (const auto& identity : session.options().identities) subjects.identities.push_back(&identity);
  if (subjects.identities.empty()) subjects.identities.push_back(&session.main_identity());
  return subjects;
}

void settle_without_run(CheckResult& result, Verdict verdict) {
  result.cases.add("all", std::move(verdict));
  result.folded = fold(result.cases, result.check->check->info);
}

/// One task per subject of the check's axis; a check whose axis has no subject is settled here.
void add_tasks(std::deque<Task>& tasks, const RegisteredCheck& check, const Subjects& subjects) {
  const auto add = [&](Subject subject, Context::Binding binding) {
    Task task;
    task.result.check = &check;
    task.result.subject = std::move(subject);
    task.binding = binding;
    tasks.push_back(std::move(task));
  };
  const auto add_settled = [&](const std::optional<Verdict>& verdict) {
    Task task;
    task.result.check = &check;
    settle_without_run(task.result, verdict.value_or(Verdict::not_applicable(Reason::not_offered, "nothing to test")));
    task.started = task.done = true;
    tasks.push_back(std::move(task));
  };
  switch (check.check->info.per) {
    case Axis::target: add({"target", ""}, {}); break;
    case Axis::issuer:
      if (subjects.issuers.empty()) add_settled(subjects.no_issuer);
      for (const auto& issuer : subjects.issuers) add({"issuer", issuer.id}, {&issuer, nullptr, nullptr});
      break;
    case Axis::wire:
      if (subjects.endpoints.empty()) add_settled(subjects.no_wire);
      for (const auto& endpoint : subjects.endpoints)
        add({"wire", std::string(mcp::name(endpoint.wire))}, {nullptr, &endpoint, nullptr});
      break;
    case Axis::identity:
      for (const auto* identity : subjects.identities) add({"identity", identity->name}, {nullptr, nullptr, identity});
      break;
    case Axis::wire_and_identity:
      if (subjects.endpoints.empty()) add_settled(subjects.no_wire);
      for (const auto& endpoint : subjects.endpoints)
        for (const auto* identity : subjects.identities)
          add({"wire-and-identity", fmt::format("{}/{}", mcp::name(endpoint.wire), identity->name)},
              {nullptr, &endpoint, identity});
      break;
  }
}

/// Subjects of the same kind must be equal; across kinds the assumed check speaks for the whole target.
bool concerns(const Subject& assumed, const Subject& mine) { return assumed.kind != mine.kind || assumed.name == mine.name; }

void link(std::deque<Task>& tasks) {
  std::map<std::string_view, std::vector<std::size_t>> by_id;
  for (std::size_t i = 0; i < tasks.size(); ++i) by_id[tasks[i].result.check->id].push_back(i);
  for (auto& task : tasks)
    for (const auto id : task.result.check->check->info.assumes)
      for (const auto other : by_id[id])
        if (concerns(tasks[other].result.subject, task.result.subject)) task.waits_for.push_back(other);
}

class Pool {
 public:
  Pool(Session& session, std::deque<Task>& tasks) : session_(session), tasks_(tasks) {
    for (const auto& task : tasks_) (task.result.check->check->info.burns ? burning_left_ : calm_left_) += task.done ? 0 : 1;
    done_ = static_cast<std::size_t>(std::ranges::count_if(tasks_, &Task::done));
  }

  void run() {
    const auto width = std::min(session_.options().threads, tasks_.size());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < width; ++i) threads.emplace_back([this] { work(); });
  }
  /// A check whose control failed because a token had died meanwhile says nothing of the target: it is run once more,
  /// alone, with a living one. Then those that could not even read what they are about: a budget may not last for all.
  void run_again() {
    run_again({Reason::control_failed, Reason::no_oracle, Reason::unclear_answer});
    run_again({Reason::transport_error});
  }
  std::vector<std::string> bugs() const { return bugs_; }

 private:
  /// Assumed checks go first.
  void run_again(const std::set<Reason>& reasons) {
    std::set<std::size_t> left;
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      if (ended_by(reasons, tasks_[i].result)) left.insert(i);
    while (!left.empty() && !session_.stopping()) {
      auto next = std::ranges::find_if(left, [&](std::size_t i) {
        return std::ranges::none_of(tasks_[i].waits_for, [&](std::size_t other) { return left.contains(other); });
      });
      if (next == left.end()) next = left.begin();
      auto& task = tasks_[*next];
      left.erase(next);
      session_.facts().revive_main_grant();
      if (session_.facts().renewals() == task.renewals) continue;
      session_.facts().renew_early();
      task.result.cases = {};
      follow_roots(task);
      session_.recorder().begin_task();
      run_one(task);
    }
  }

  static bool ended_by(const std::set<Reason>& reasons, const CheckResult& result) {
    return std::ranges::any_of(result.cases.all(), [&](const auto& each) {
      const auto reason = each.second.reason();
      return reason && reasons.contains(*reason);
    });
  }

  bool ready(const Task& task) const {
    if (task.started) return false;
    if (task.result.check->check->info.burns && calm_left_ > 0) return false;
    return std::ranges::all_of(task.waits_for, [&](std::size_t i) { return tasks_[i].done; });
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (calm_left_ + burning_left_ > 0) {
      const auto it = std::ranges::find_if(tasks_, [&](const Task& task) { return ready(task); });
      if (it == tasks_.end()) {
        // Nothing can start; whoever runs now will wake us. Tasks that only run on other threads end our work.
        if (std::ranges::all_of(tasks_, &Task::started)) return;
        changed_.wait(lock);
        continue;
      }
      it->started = true;
      follow_roots(*it);
      lock.unlock();
      session_.recorder().begin_task();
      run_one(*it);
      lock.lock();
      it->done = true;
      --(it->result.check->check->info.burns ? burning_left_ : calm_left_);
      ++done_;
      if (session_.progress().check) session_.progress().check(done_, tasks_.size(), it->result.check->id);
      changed_.notify_all();
    }
  }

  void follow_roots(Task& task) {
    std::set<std::string> roots;
    for (const auto i : task.waits_for) {
      const auto& assumed = tasks_[i].result;
      if (assumed.folded.outcome == Outcome::fail && assumed.folded.level == Level::must)
        roots.insert(std::string(assumed.check->id));
      roots.insert(assumed.follows_from.begin(), assumed.follows_from.end());
    }
    task.result.follows_from.assign(roots.begin(), roots.end());
  }

  void run_one(Task& task) {
    const auto began = session_.clock().tick();
    auto& result = task.result;
    const auto& info = result.check->check->info;
    task.renewals = session_.facts().renewals();
    Context at(session_, *result.check, task.binding);
    if (!result.follows_from.empty()) {
      result.cases.add("all", Verdict::inconclusive(Reason::root_cause, "follows from " + text::join(result.follows_from, ", ")));
    } else if (session_.stopping()) {
      result.cases.not_run("all", Reason::interrupted, "interrupted before it began");
    } else if (!at.may(info.effect)) {
      refuse_effect(task);
    } else if (auto ran = guarded(task, at); !ran) {
      result.cases.add("the check", Verdict::inconclusive(ran.error()));
    }
    result.folded = fold(result.cases, info);
    result.took = std::chrono::duration_cast<std::chrono::microseconds>(session_.clock().tick() - began);
  }

  /// The one place where exceptions of checks end: whatever a target does is a Result, so they are bugs of ours.
  Result<void> guarded(Task& task, Context& at) {
    try {
      return task.result.check->check->run(at, task.result.cases);
    } catch (const std::exception& error) {
      const std::scoped_lock lock(mutex_);
      bugs_.push_back(fmt::format("{}: {}", task.result.check->id, error.what()));
      return failure(Error::Kind::malformed, fmt::format("a bug of ours: {}", error.what()));
    }
  }

  void refuse_effect(Task& task) const {
    const auto& info = task.result.check->check->info;
    if (session_.may(info.effect, nullptr) && task.binding.issuer != nullptr)
      task.result.cases.not_run("all", Reason::out_of_scope,
                                fmt::format("{} is not in scope (--as-in-scope)", task.binding.issuer->id));
    else task.result.cases.not_run("all", Reason::effect_not_allowed, fmt::format("needs --{}", name(info.effect)));
  }

  Session& session_;
  std::deque<Task>& tasks_;
  std::vector<std::string> bugs_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t calm_left_ = 0;
  std::size_t burning_left_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

std::vector<const RegisteredCheck*> selected(const Registry& registry, const Options& options) {
  const auto names = [](const std::vector<std::string>& list, const RegisteredCheck& check) {
    return std::ranges::any_of(list, [&](const std::string& word) { return word == check.id || word == check.family; });
  };
  std::vector<const RegisteredCheck*> chosen;
  for (const auto& check : registry.all())
    if ((options.only.empty() || names(options.only, check)) && !names(options.skip, check)) chosen.push_back(&check);
  return chosen;
}

std::vector<CheckResult> Runner::run() {
  const auto subjects = bind(session_);
  std::deque<Task> tasks;
  for (const auto* check : selected(registry_, session_.options())) add_tasks(tasks, *check, subjects);
  link(tasks);
  Pool pool(session_, tasks);
  pool.run();
  pool.run_again();
  bugs_ = pool.bugs();
  std::vector<CheckResult> results;
  for (auto& task : tasks) results.push_back(std::move(task.result));
  return results;
}

std::vector<PlannedCheck> Runner::plan() const {
  std::vector<PlannedCheck> planned;
  const auto issuers = session_.facts().issuers();
  for (const auto* check : selected(registry_, session_.options())) {
    const auto& info = check->check->info;
    std::string status = "will run";
    if (!session_.may(info.effect, nullptr)) {
      status = fmt::format("needs --{}", name(info.effect));
    } else if (info.at_issuer && issuers && !issuers->empty() && !issuers->front().active && info.effect != Effect::passive) {
      status = fmt::format("needs --as-in-scope {}", issuers->front().id);
    } else if (info.per == Axis::issuer && issuers && issuers->empty()) {
      status = "not applicable: no authorization server";
    }
    planned.push_back({check, std::move(status)});
  }
  return planned;
}

}  // namespace mcprove
