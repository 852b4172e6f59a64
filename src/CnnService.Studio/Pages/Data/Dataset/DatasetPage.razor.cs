using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>
/// One data set: on its way in, then its images. With <c>then</c> a run starts as soon as it is ready; the wish is in the address, with a
/// word that keeps a reload from starting a second one.
/// </summary>
public sealed partial class DatasetPage : IDisposable
{
    private CancellationTokenSource _ended = new();
    private DatasetResource? _dataset;
    private Exception? _failure;
    private string? _shown;
    private long _startedAt;
    private int _startedDone;
    private TimeSpan? _left;

    /// <summary>The data set.</summary>
    [Parameter]
    public string Name { get; set; } = string.Empty;

    /// <summary>A recipe to train it by, as soon as it is ready; null: none.</summary>
    [SupplyParameterFromQuery]
    public string? Then { get; set; }

    /// <summary>Stands for this wish to train.</summary>
    [SupplyParameterFromQuery]
    public string? Once { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc />
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (_shown == Name)
        {
            return Task.CompletedTask;
        }

        _shown = Name;
        return StartAsync();
    }

    private static double? ShareOf(DatasetResource dataset) =>
        dataset.Progress.Total > 0 ? (double)dataset.Progress.Done / dataset.Progress.Total : null;

    private async Task StartAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
        _ended = new CancellationTokenSource();
        var cancel = _ended.Token;
        (_failure, _startedAt, _startedDone) = (null, Clock.GetTimestamp(), -1);
        try
        {
            await Client.WaitForDatasetAsync(Name, new Shown(this), cancel);
            if (Then is { } recipe && _dataset is { Status: DatasetStatus.Ready })
            {
                var run = await Client.TrainAsync(new TrainRequest { Dataset = Name, Recipe = recipe }, Once, cancel);
                Navigation.NavigateTo(Addresses.Run(run.Id), replace: true);
            }
        }
        catch (OperationCanceledException)
        {
            // The person has left.
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }

    private void Show(DatasetResource dataset)
    {
        _dataset = dataset;
        var done = dataset.Progress.Done;
        _startedDone = _startedDone < 0 ? done : _startedDone;
        _left = done > _startedDone && Clock.GetElapsedTime(_startedAt) is { TotalSeconds: > 2 } spent
            ? spent * ((double)(dataset.Progress.Total - done) / (done - _startedDone)) : null;
        StateHasChanged();
    }

    /// <summary>Unlike <see cref="Progress{T}"/> at once, and in order.</summary>
    private sealed class Shown(DatasetPage page) : IProgress<DatasetResource>
    {
        public void Report(DatasetResource value) => page.Show(value);
    }
}
