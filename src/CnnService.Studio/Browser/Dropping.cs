using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CnnService.Studio.Browser;

/// <summary>Files and folders that a person drops, pastes or chooses.</summary>
internal sealed class Dropping(IJSRuntime browser) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>Makes an element take drops, and its file inputs choices.</summary>
    /// <param name="zone">The element.</param>
    /// <param name="takesPaste">Whether pasted images count too.</param>
    /// <param name="taken">Receives what was dropped.</param>
    /// <param name="walking">Receives how many files of a dropped folder have been found so far.</param>
    /// <returns>To be disposed when the element goes.</returns>
    public async ValueTask<IAsyncDisposable> AttachAsync(
        ElementReference zone, bool takesPaste, Func<DroppedFiles, Task> taken, Func<int, Task> walking)
    {
        var receiver = DotNetObjectReference.Create(new DropReceiver(drop => taken(new DroppedFiles(this, drop)), walking));
        var module = await ModuleAsync();
        return new Attachment(await module.InvokeAsync<IJSObjectReference>("attach", zone, receiver, takesPaste), receiver);
    }

    public async ValueTask<byte[]> ReadAsync(int drop, IEnumerable<FilePart> parts, CancellationToken cancel)
    {
        var module = await ModuleAsync();
        return await module.InvokeAsync<byte[]>("read", cancel, drop, parts.Select(part => new[] { part.File, part.Start, part.End }));
    }

    public async ValueTask<string> AddressAsync(int drop, int file) =>
        await (await ModuleAsync()).InvokeAsync<string>("address", drop, file);

    public async ValueTask ForgetAsync(int drop) => await (await ModuleAsync()).InvokeVoidAsync("forget", drop);

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            await _module.DisposeAsync();
        }
    }

    private async ValueTask<IJSObjectReference> ModuleAsync() =>
        _module ??= await browser.InvokeAsync<IJSObjectReference>("import", "./js/drop.js");

    private sealed class Attachment(IJSObjectReference zone, IDisposable receiver) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await zone.InvokeVoidAsync("detach");
            await zone.DisposeAsync();
            receiver.Dispose();
        }
    }
}
