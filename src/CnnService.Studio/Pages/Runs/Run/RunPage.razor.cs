using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Client;
using CnnService.Studio.Parts;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Runs.Run;

/// <summary>A run: how far it is, its curves, what to do about it. Its state lies on the service, so that it is found again.</summary>
public sealed partial class RunPage : IDisposable
{
    /// <summary>The recipe that chooses by one half of the validation images and is judged by the other.</summary>
    private const string Halving = "best";

    private static readonly JsonSerializerOptions Wire =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ServiceAction _action = new();
    private CancellationTokenSource _ended = new();
    private IReadOnlyList<EpochResource> _history = [];
    private RunResource? _run;
    private RunProgress? _progress;
    private DatasetResource? _dataset;
    private Exception? _failure;
    private string? _shown;
    private bool _isAway;

    /// <summary>The run's id.</summary>
    [Parameter]
    public string Id { get; set; } = string.Empty;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    private string Heading => _run switch
    {
        null => "Run",
        { State: WorkState.Succeeded } => $"{_run.Model} has learned",
        { State: WorkState.Failed } => $"{_run.Model} could not be trained",
        { State: WorkState.Cancelled } => $"{_run.Model} was cancelled",
        _ => $"{_run.Model} is learning",
    };

    private string? LeadText => _run?.Chosen.Summary ?? (_run is null ? null : $"Trained on {_run.Dataset}.");

    private IReadOnlyList<ChartLine> AccuracyLines =>
    [
        new("training", [.. _history.Select(epoch => epoch.Accuracy)], 0),
        new("validation", [.. _history.Select(epoch => epoch.ValidationAccuracy)], 1),
    ];

    private IReadOnlyList<ChartLine> LossLines =>
    [
        new("training", [.. _history.Select(epoch => epoch.Loss)], 0),
        new("validation", [.. _history.Select(epoch => epoch.ValidationLoss)], 1),
    ];

    /// <inheritdoc />
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (_shown == Id)
        {
            return Task.CompletedTask;
        }

        _shown = Id;
        _ = FollowAsync(); // Goes on until the run ends or the person leaves.
        return Task.CompletedTask;
    }

    /// <summary>Whether the service does not answer, or something before it answers in its place.</summary>
    private static bool IsAway(Exception failure) => failure is HttpRequestException or IOException
        || failure is CnnServiceException { StatusCode: >= (int)HttpStatusCode.InternalServerError };

    private static string? SpeedOf(RunProgress progress) =>
        progress.ImagesPerSecond >= 1 ? $"{Words.Count((long)progress.ImagesPerSecond)} images a second" : null;

    private static TimeSpan? LeftOf(RunProgress progress) =>
        progress.EtaSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static TimeSpan? TookOf(RunResource run) => run is { StartedAt: { } start, FinishedAt: { } end } ? end - start : null;

    private static int EpochsOf(RunResource run) => RunWords.IsOver(run) ? 0 : run.Progress.Epochs;

    /// <summary>Then there is no chance to compare with: it depends on which labels occur together.</summary>
    private bool IsMultiLabel => _dataset?.IsMultiLabel() == true;

    private double? ChanceOf() => _dataset?.Classes is { Count: > 0 } classes ? 1.0 / classes.Count : null;

    /// <summary>Reads what has been, then what happens; a connection that breaks is taken up again.</summary>
    private async Task FollowAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
        _ended = new CancellationTokenSource();
        var cancel = _ended.Token;
        _failure = null;
        try
        {
            await LoadAsync(cancel);
            while (_run is { } run && !RunWords.IsOver(run))
            {
                await ListenAsync(cancel);
            }

            _dataset = _run is { } over ? await Client.GetDatasetAsync(over.Dataset, cancel) : null;
        }
        catch (OperationCanceledException)
        {
            // The person has left.
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            var isDatasetGone = _run is { } known && RunWords.IsOver(known) && failure is CnnServiceException { StatusCode: 404 };
            _failure = isDatasetGone ? null : failure; // What a run has learned is told without its data set, too.
        }

        if (!cancel.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        (_run, _history) = (await Client.GetRunAsync(Id, cancel), await Client.GetRunHistoryAsync(Id, cancel));
        (_progress, _isAway) = (null, false);
        StateHasChanged();
    }

    /// <summary>Until the connection ends; where it breaks, or the service is away, that is said, and tried again after a pause.</summary>
    private async Task ListenAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var told in Client.ReadRunEventsAsync(Id, cancellationToken: cancel))
            {
                if (told.Kind == "step")
                {
                    _progress = told.Data.Deserialize<RunProgress>(Wire);
                    StateHasChanged();
                }
                else if (told.Kind is "epoch" or "state" && _run is not null)
                {
                    await LoadAsync(cancel);
                    if (RunWords.IsOver(_run))
                    {
                        return;
                    }
                }
            }

            await LoadAsync(cancel);
        }
        catch (Exception broken) when (IsAway(broken))
        {
            _isAway = true;
            StateHasChanged();
            await Task.Delay(Pause, Clock, cancel); // The service may be starting again.
        }
    }

    private async Task ActAsync(Func<Task> act)
    {
        await _action.RunAsync(async () =>
        {
            await act();
            await LoadAsync(_ended.Token);
        });
        if (_action.Failure is null)
        {
            _ = FollowAsync();
        }
    }
}
