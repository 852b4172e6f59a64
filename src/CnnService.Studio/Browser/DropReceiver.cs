using Microsoft.JSInterop;

namespace CnnService.Studio.Browser;

/// <summary>Is called by the module when something was dropped.</summary>
public sealed class DropReceiver
{
    private readonly Func<Drop, Task> _taken;
    private readonly Func<int, Task> _walking;

    internal DropReceiver(Func<Drop, Task> taken, Func<int, Task> walking)
    {
        _taken = taken;
        _walking = walking;
    }

    /// <summary>Called by the module.</summary>
    [JSInvokable]
    public Task TakeAsync(Drop drop) => _taken(drop);

    /// <summary>Called by the module while it walks a folder.</summary>
    [JSInvokable]
    public Task WalkAsync(int count) => _walking(count);
}

/// <summary>What was dropped, as the module tells it.</summary>
/// <param name="Id">The module keeps the files under it.</param>
/// <param name="Names">Paths of the files, with folders between slashes.</param>
/// <param name="Sizes">In bytes.</param>
public sealed record Drop(int Id, string[] Names, long[] Sizes);
