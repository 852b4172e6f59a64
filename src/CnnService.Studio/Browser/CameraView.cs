using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CnnService.Studio.Browser;

/// <summary>A camera that is shown in a video element. Disposing turns it off.</summary>
internal sealed class CameraView : IAsyncDisposable
{
    private readonly IJSObjectReference _module;

    private readonly ElementReference _video;

    private CameraView(IJSObjectReference module, ElementReference video) => (_module, _video) = (module, video);

    /// <summary>Turns the camera on.</summary>
    /// <exception cref="JSException">There is none, or the person or the browser does not allow it.</exception>
    public static async Task<CameraView> OpenAsync(IJSRuntime browser, ElementReference video)
    {
        var module = await browser.InvokeAsync<IJSObjectReference>("import", "./js/camera.js");
        await module.InvokeVoidAsync("open", video);
        return new(module, video);
    }

    /// <summary>What it sees now, as a JPEG file.</summary>
    public ValueTask<byte[]> ShootAsync() => _module.InvokeAsync<byte[]>("shoot", _video);

    public async ValueTask DisposeAsync()
    {
        await _module.InvokeVoidAsync("close", _video);
        await _module.DisposeAsync();
    }
}
