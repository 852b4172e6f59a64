using Microsoft.JSInterop;

namespace CnnService.Studio.Browser;

/// <summary>The clipboard.</summary>
internal sealed class Clipboard(IJSRuntime browser)
{
    /// <exception cref="JSException">The browser does not allow it, as on a page without HTTPS that is not local.</exception>
    public ValueTask WriteAsync(string text) => browser.InvokeVoidAsync("navigator.clipboard.writeText", text);
}
