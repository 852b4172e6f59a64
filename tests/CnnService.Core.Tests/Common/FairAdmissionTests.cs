using CnnService.Core.Common;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Common;

public class FairAdmissionTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FairAdmission _admission;

    public FairAdmissionTests() => _admission = Admission(atOnce: 1, waiting: 16);

    [Fact]
    public void Enter_MoreThanRunAtOnce_WaitUntilOneLeaves()
    {
        var first = Enter("a");
        var second = Enter("b");

        Assert.True(IsAdmitted(first));
        Assert.False(IsAdmitted(second));
        first.Dispose();
        Assert.True(IsAdmitted(second));
    }

    [Fact]
    public void Enter_SameCallerWhileThereIsRoom_HasOneAtOnceAllTheSame()
    {
        var admission = Admission(atOnce: 2, waiting: 16);
        var first = admission.Enter(new("a", Urgency.Attended)).Value;
        var second = admission.Enter(new("a", Urgency.Attended)).Value;
        var other = admission.Enter(new("b", Urgency.Attended)).Value;

        Assert.Equal([true, false, true], [IsAdmitted(first), IsAdmitted(second), IsAdmitted(other)]);
        first.Dispose();
        Assert.True(IsAdmitted(second));
    }

    [Fact]
    public void Enter_AnotherCallerBehindALongQueue_IsAdmittedNext()
    {
        var running = Enter("a");
        AdmissionPlace[] queue = [.. Enumerable.Range(0, 16).Select(_ => Enter("a"))];
        var other = Enter("b");

        running.Dispose();

        Assert.True(IsAdmitted(other));
        Assert.DoesNotContain(queue, IsAdmitted);
    }

    [Fact]
    public void Enter_ThreeCallersWithQueues_TakeTurns()
    {
        var places = new List<(string Caller, AdmissionPlace Place)>();
        foreach (var caller in new[] { "a", "a", "a", "b", "b", "c" })
        {
            places.Add((caller, Enter(caller)));
        }

        Assert.Equal(["a", "b", "c", "a", "b", "a"], Order(places));
    }

    /// <summary>A caller that is done and comes back at once must not overtake one that has waited since.</summary>
    [Fact]
    public void Enter_CallerThatComesBack_IsBehindWhoWaited()
    {
        var first = Enter("a");
        var waited = Enter("b");
        first.Dispose();
        var back = Enter("a");
        var late = Enter("b");
        waited.Dispose();

        Assert.True(IsAdmitted(back));
        Assert.False(IsAdmitted(late));
    }

    [Fact]
    public void Enter_OneCaller_PersonBeforeProgramBeforeWhatNobodyWaitsFor()
    {
        var running = Enter("a");
        var places = new List<(string Name, AdmissionPlace Place)>
        {
            ("nobody", Enter("a", Urgency.Unattended)),
            ("program", Enter("a")),
            ("later program", Enter("a")),
            ("person", Enter("a", Urgency.Personal)),
        };
        running.Dispose();

        Assert.Equal(["person", "program", "later program", "nobody"], Order(places));
    }

    [Fact]
    public void Enter_QueueOfTheCallerIsFull_IsRefusedForThatCallerAlone()
    {
        var all = Enumerable.Range(0, 400).Select(_ => _admission.Enter(new("a", Urgency.Unattended))).ToList();

        Assert.Equal(17, all.Count(place => place.Succeeded));
        Assert.All(all.Skip(17), place => Assert.Equal(ProblemKind.TooMany, place.Problem?.Kind));
        Assert.Equal(TimeSpan.FromSeconds(1), all[^1].Problem?.RetryAfter);
        Assert.True(_admission.Enter(new("b", Urgency.Unattended)).Succeeded);
    }

    [Fact]
    public async Task Enter_QueueFullOfWhatNobodyWaitsFor_PersonTakesTheNewestPlace()
    {
        Enter("a");
        AdmissionPlace[] queue = [.. Enumerable.Range(0, 16).Select(_ => Enter("a", Urgency.Unattended))];

        var person = _admission.Enter(new("a", Urgency.Personal));

        Assert.True(person.Succeeded);
        Assert.Equal("work.too-many", (await queue[15].Admitted)?.Code);
        Assert.DoesNotContain(queue.Take(15), place => place.Admitted.IsCompleted);
    }

    [Fact]
    public void Enter_QueueFullOfWhatIsWaitedFor_PersonIsRefused()
    {
        Enter("a");
        for (var i = 0; i < 16; i++)
        {
            Enter("a");
        }

        Assert.False(_admission.Enter(new("a", Urgency.Personal)).Succeeded);
    }

    [Fact]
    public void RetryAfter_IsAboutWhatAPieceTakes()
    {
        var admission = Admission(atOnce: 1, waiting: 1);
        using (admission.Enter(new("a", Urgency.Attended)).Value)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
        }

        using (admission.Enter(new("a", Urgency.Attended)).Value)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(admission.Enter(new("a", Urgency.Attended)).Succeeded);
        Assert.True(admission.Enter(new("a", Urgency.Attended)).Succeeded);
        var refused = admission.Enter(new("a", Urgency.Attended));

        Assert.Equal(TimeSpan.FromSeconds((0.8 * 20) + (0.2 * 10)), refused.Problem?.RetryAfter);
    }

    [Fact]
    public void Join_CallerWhoseTurnIsSooner_BringsItForward()
    {
        var running = Enter("a");
        AdmissionPlace[] queue = [.. Enumerable.Range(0, 3).Select(_ => Enter("a"))];

        queue[2].Join("b");
        running.Dispose();

        Assert.True(IsAdmitted(queue[2]));
        Assert.False(IsAdmitted(queue[0]));
    }

    [Fact]
    public void Withdraw_WhileItWaits_IsNeverAdmitted_AndNotWhileItRuns()
    {
        var running = Enter("a");
        var waiting = Enter("a");
        var next = Enter("a");

        running.Withdraw();
        waiting.Withdraw();
        Assert.False(IsAdmitted(next));
        running.Dispose();

        Assert.False(IsAdmitted(waiting));
        Assert.True(IsAdmitted(next));
    }

    private FairAdmission Admission(int atOnce, int waiting) => new(
        new("pieces", "work.too-many") { MaxConcurrency = atOnce, MaxWaiting = waiting }, _clock);

    private AdmissionPlace Enter(string caller, Urgency urgency = Urgency.Attended) => _admission.Enter(new(caller, urgency)).Value;

    private static bool IsAdmitted(AdmissionPlace place) => place.Admitted.IsCompleted;

    /// <summary>The order in which the places are admitted, one leaving after the other.</summary>
    private static List<string> Order(List<(string Name, AdmissionPlace Place)> places)
    {
        var order = new List<string>();
        while (places.FindIndex(place => IsAdmitted(place.Place)) is >= 0 and var next)
        {
            order.Add(places[next].Name);
            var left = places[next].Place;
            places.RemoveAt(next);
            left.Dispose();
        }

        return order;
    }
}
