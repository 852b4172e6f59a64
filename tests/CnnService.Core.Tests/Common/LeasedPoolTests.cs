using System.Collections.Concurrent;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class LeasedPoolTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly ConcurrentQueue<string> _released = [];
    private readonly ManualResetEventSlim _gate = new();
    private readonly LeasedPool<string, string> _pool;
    private int _loads;

    public LeasedPoolTests() => _pool = new(new() { MaxCount = 2 }, _released.Enqueue);

    [Fact]
    public void Acquire_KeptKey_SharesTheObject()
    {
        using var first = Acquire("a");
        using var second = Acquire("a");

        Assert.Same(first.Value, second.Value);
        Assert.Equal(1, _loads);
    }

    [Fact]
    public void Acquire_MoreThanFit_TheLeastRecentlyUsedIsReleased()
    {
        Acquire("a").Dispose();
        Acquire("b").Dispose();
        Acquire("a").Dispose();
        Acquire("c").Dispose();

        Assert.Equal(["b"], _released);
    }

    [Fact]
    public async Task Acquire_WhileAnEvictedObjectIsInUse_DoesNotWaitForItsUser()
    {
        var user = Task.Run(() => _pool.Use<int>("a", () => "a", _ =>
        {
            Interlocked.Increment(ref _loads);
            _gate.Wait();
            return 1;
        }));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _loads) == 1, Limit));

        await Task.Run(() =>
        {
            Acquire("b").Dispose();
            Acquire("c").Dispose();
            Acquire("d").Dispose();
        }).WaitAsync(Limit);

        Assert.DoesNotContain("a", _released);
        _gate.Set();
        await user;
        Assert.Contains("a", _released);
    }

    [Fact]
    public async Task Acquire_WhileAnotherKeyLoads_DoesNotWaitForIt()
    {
        using var loading = new ManualResetEventSlim();
        var slow = Task.Run(() => _pool.Acquire("slow", () =>
        {
            loading.Set();
            _gate.Wait();
            return "slow";
        }));
        Assert.True(loading.Wait(Limit));

        await Task.Run(() => Acquire("b").Dispose()).WaitAsync(Limit);

        _gate.Set();
        using var lease = (await slow).Value;
        Assert.Equal("slow", lease.Value);
    }

    [Fact]
    public async Task Acquire_WhileAnObjectIsReleased_DoesNotWaitForIt()
    {
        using var releasing = new ManualResetEventSlim();
        using var pool = new LeasedPool<string, string>(new() { MaxCount = 1 }, _ =>
        {
            releasing.Set();
            _gate.Wait();
        });
        pool.Acquire("a", () => "a").Value.Dispose();
        var evicting = Task.Run(() => pool.Acquire("b", () => "b").Value.Dispose());
        Assert.True(releasing.Wait(Limit));

        await Task.Run(() => pool.Acquire("b", () => "b").Value.Dispose()).WaitAsync(Limit);

        Assert.False(evicting.IsCompleted);
        _gate.Set();
        await evicting;
    }

    [Fact]
    public async Task Acquire_OneKeyByManyAtTheSameTime_LoadsOnce()
    {
        using var loading = new ManualResetEventSlim();
        Outcome<string> Load()
        {
            Interlocked.Increment(ref _loads);
            loading.Set();
            _gate.Wait();
            return "a";
        }

        var first = Task.Run(() => _pool.Acquire("a", Load));
        Assert.True(loading.Wait(Limit));
        var others = Enumerable.Range(0, 3).Select(_ => Task.Run(() => _pool.Acquire("a", Load))).ToArray();
        _gate.Set();

        foreach (var lease in await Task.WhenAll([first, .. others]))
        {
            Assert.Equal("a", lease.Value.Value);
            lease.Value.Dispose();
        }

        Assert.Equal(1, _loads);
    }

    [Fact]
    public void Acquire_ThatFails_IsTriedAnewByTheNext()
    {
        var failed = _pool.Acquire("a", () => Problem.NotFound("some.code", "It is not there."));
        using var lease = Acquire("a");

        Assert.Equal("some.code", failed.Problem?.Code);
        Assert.Equal("a", lease.Value);
    }

    [Fact]
    public void Acquire_ThatThrows_IsTriedAnewByTheNext()
    {
        Assert.Throws<InvalidDataException>(() => _pool.Acquire("a", () => throw new InvalidDataException("torn")));
        using var lease = Acquire("a");

        Assert.Equal("a", lease.Value);
    }

    [Fact]
    public void Evict_OfALeasedObject_ReleasesItWhenItsLastLeaseEnds()
    {
        var first = Acquire("a");
        var second = Acquire("a");
        _pool.Evict(key => key == "a");
        first.Dispose();
        first.Dispose();
        Assert.Empty(_released);
        second.Dispose();

        Assert.Equal(["a"], _released);
        Acquire("a").Dispose();
        Assert.Equal(2, _loads);
    }

    [Fact]
    public void Discard_OfALease_KeepsTheObjectNoLonger()
    {
        using var other = Acquire("a");
        Acquire("a").Discard();
        Acquire("a").Dispose();

        Assert.Equal(2, _loads);
        Assert.Empty(_released);
    }

    [Fact]
    public void Acquire_OverTheBytes_TheLeastRecentlyUsedLeavesAndALargeOneStaysAlone()
    {
        using var pool = new LeasedPool<string, string>(new() { MaxCount = 10, MaxBytes = 3 }, _released.Enqueue, value => value.Length);
        pool.Acquire("a", () => "a").Value.Dispose();
        pool.Acquire("b", () => "bb").Value.Dispose();
        Assert.Empty(_released);
        pool.Acquire("c", () => "c").Value.Dispose();
        Assert.Equal(["a"], _released);
        pool.Acquire("d", () => "dddd").Value.Dispose();

        Assert.Equal(["a", "bb", "c"], _released);
        Assert.Equal((0, 4), (pool.BytesOf("a"), pool.BytesOf("d")));
    }

    [Fact]
    public void Dispose_ReleasesAllAndRefusesWhoComesAfter()
    {
        var leased = Acquire("a");
        Acquire("b").Dispose();
        _pool.Dispose();
        Assert.Equal(["b"], _released);
        Assert.Throws<ObjectDisposedException>(() => Acquire("a"));
        leased.Dispose();

        Assert.Equal(["b", "a"], _released);
    }

    public void Dispose()
    {
        _gate.Set();
        _pool.Dispose();
        _gate.Dispose();
    }

    private LeasedPool<string, string>.Lease Acquire(string key) => _pool.Acquire(key, () =>
    {
        Interlocked.Increment(ref _loads);
        return key;
    }).Value;
}
