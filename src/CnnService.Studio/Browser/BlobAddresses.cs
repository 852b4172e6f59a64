using Microsoft.JSInterop;

namespace CnnService.Studio.Browser;

/// <summary>Addresses under which the browser shows bytes that were fetched with a key. Each is revoked by who made it.</summary>
internal sealed class BlobAddresses(IJSRuntime browser) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>An address for <c>src</c>; give it to <see cref="RevokeAsync"/> when it is no longer shown.</summary>
    /// <param name="content">A picture or another file.</param>
    public async ValueTask<string> CreateAsync(byte[] content) =>
        await (await ModuleAsync()).InvokeAsync<string>("create", content, MediaTypes.Of(content));

    public async ValueTask RevokeAsync(string address) => await (await ModuleAsync()).InvokeVoidAsync("revoke", address);

    /// <summary>Has the browser save a file.</summary>
    public async ValueTask SaveAsync(string fileName, byte[] content) =>
        await (await ModuleAsync()).InvokeVoidAsync("save", fileName, content, MediaTypes.Of(content));

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            await _module.DisposeAsync();
        }
    }

    private async ValueTask<IJSObjectReference> ModuleAsync() =>
        _module ??= await browser.InvokeAsync<IJSObjectReference>("import", "./js/blobs.js");
}
