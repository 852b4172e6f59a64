using Microsoft.JSInterop;

namespace CnnService.Studio.Browser;

/// <summary>What the browser keeps for this page: until the tab is closed, or for good.</summary>
internal sealed class BrowserStorage(IJSRuntime browser)
{
    private const string Tab = "sessionStorage";
    private const string Lasting = "localStorage";

    /// <summary>Null where there is none.</summary>
    public ValueTask<string?> ReadAsync(string name) => browser.InvokeAsync<string?>($"{Tab}.getItem", name);

    public ValueTask WriteAsync(string name, string value) => browser.InvokeVoidAsync($"{Tab}.setItem", name, value);

    public ValueTask RemoveAsync(string name) => browser.InvokeVoidAsync($"{Tab}.removeItem", name);

    /// <summary>Null where there is none.</summary>
    public ValueTask<string?> ReadLastingAsync(string name) => browser.InvokeAsync<string?>($"{Lasting}.getItem", name);

    public ValueTask WriteLastingAsync(string name, string value) => browser.InvokeVoidAsync($"{Lasting}.setItem", name, value);
}
