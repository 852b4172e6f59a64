using System.Net;
using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Shell;

/// <summary>Asks for a key and tries it.</summary>
public sealed partial class SignIn
{
    private string _key = string.Empty;
    private bool _isRefused;
    private bool _isSending;

    [Inject]
    internal KeyStore Keys { get; set; } = null!;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    protected override void OnInitialized() => _isRefused = Keys.Key is not null;

    /// <summary>The screen behind is shown, and sends its requests again; one that is refused brings this one back.</summary>
    private async Task SendAsync()
    {
        _isSending = true;
        try
        {
            await Keys.GiveAsync(_key.Trim());
            await Client.ListDatasetsAsync(limit: 1);
        }
        catch (CnnServiceException refusal) when (refusal.StatusCode is (int)HttpStatusCode.Unauthorized)
        {
            _isRefused = true;
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _isRefused = false; // The key is known; what else is wrong the screen behind tells.
        }
        finally
        {
            _isSending = false;
        }
    }
}
