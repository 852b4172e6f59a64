using CnnService.Studio.Browser;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace CnnService.Studio.Parts;

/// <summary>A call of the API ready to be pasted: curl, C#, Python, JavaScript.</summary>
public sealed partial class CallSnippet
{
    private CallLanguage _language;
    private bool _isCopied;

    /// <summary>What is called.</summary>
    [Parameter, EditorRequired]
    public ServiceCall Call { get; set; } = null!;

    [Inject]
    internal ServiceAddress Address { get; set; } = null!;

    [Inject]
    internal KeyStore Keys { get; set; } = null!;

    [Inject]
    internal Clipboard Clipboard { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    private string Text => CallText.Write(Call, _language, Address.Text, Keys.Key is not null);

    protected override void OnParametersSet() => _isCopied = false;

    private async Task CopyAsync()
    {
        try
        {
            await Clipboard.WriteAsync(Text);
            _isCopied = true;
        }
        catch (JSException)
        {
            Snackbar.Add("The browser does not let this page use the clipboard: select the text and copy it.", Severity.Info);
        }
    }
}
