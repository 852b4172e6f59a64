using System.Net;
using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>What may spoil a training on a data set. Says nothing while it is being looked for, and where nothing is wrong.</summary>
public sealed partial class HealthNotice : IDisposable
{
    private const int Side = 96;

    private const int FirstShown = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private CancellationTokenSource _ended = new();
    private HealthResource? _health;
    private IReadOnlyList<HealthSuspects> _suspects = [];
    private Exception? _failure;
    private (string, int?)? _asked;
    private int _shown = FirstShown;

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public string Dataset { get; set; } = string.Empty;

    /// <summary>Its revision; a change looks again.</summary>
    [Parameter]
    public int? Revision { get; set; }

    /// <summary>Called with an image that the person wants to mend.</summary>
    [Parameter]
    public EventCallback<HealthImageResource> Opened { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc />
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (_asked == (Dataset, Revision))
        {
            return Task.CompletedTask;
        }

        _asked = (Dataset, Revision);
        return LoadAsync();
    }

    /// <summary>Asks until the service has looked at all images.</summary>
    private async Task LoadAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
        _ended = new CancellationTokenSource();
        var cancel = _ended.Token;
        _failure = null;
        try
        {
            HealthResource? found;
            while ((found = await FindAsync(cancel)) is null)
            {
                await Task.Delay(Pause, Clock, cancel);
            }

            (_health, _suspects) = (found, HealthSuspects.Of(found));
        }
        catch (OperationCanceledException)
        {
            // The person has left, or the data set has changed.
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }

    /// <summary>Null while it is still being looked for.</summary>
    private async Task<HealthResource?> FindAsync(CancellationToken cancel)
    {
        try
        {
            return await Client.GetDatasetHealthAsync(Dataset, cancellationToken: cancel);
        }
        catch (CnnServiceException pending) when (pending.StatusCode == (int)HttpStatusCode.Accepted)
        {
            return null;
        }
    }
}
