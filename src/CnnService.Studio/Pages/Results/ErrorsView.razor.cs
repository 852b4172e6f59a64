using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Results;

/// <summary>The confusion matrix, the images of a cell, one image and why, its label mended, and training again.</summary>
public sealed partial class ErrorsView : IDisposable
{
    private const int MostImages = 60;

    private const int MostClasses = 200;

    private readonly Asked<IReadOnlyList<Prediction>> _all;

    private readonly CancellationTokenSource _gone = new();

    private Prediction? _one;

    private string? _seen;

    private int _changed;

    private bool _mayChange;

    private bool _isStarting;

    private Exception? _failure;

    public ErrorsView() => _all = new(StateHasChanged);

    /// <summary>Of the run.</summary>
    [Parameter, EditorRequired]
    public RunResults Results { get; set; } = null!;

    /// <summary>The cell that is looked at: <c>true,predicted</c> by number; null: the worst mistakes of all.</summary>
    [Parameter]
    public string? Cell { get; set; }

    /// <summary>Where a cell is looked at.</summary>
    [Parameter, EditorRequired]
    public Func<string, string> CellAddress { get; set; } = null!;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal Rights Rights { get; set; } = null!;

    private bool IsMultiLabel => Results.Evaluation.MultiLabel is not null;

    private (int Truth, int Said)? At => IsMultiLabel ? null :
        Cell?.Split(',') is [var left, var right] && int.TryParse(left, CultureInfo.InvariantCulture, out var truth)
        && int.TryParse(right, CultureInfo.InvariantCulture, out var said)
        && Math.Max(truth, said) < Results.Classes.Count && Math.Min(truth, said) >= 0
            ? (truth, said)
            : null;

    private string Title => At is not { } at ? "Its worst mistakes"
        : at.Truth == at.Said ? $"{Results.Classes[at.Truth]}, and called so"
        : $"{Results.Classes[at.Truth]}, called {Results.Classes[at.Said]}";

    private IReadOnlyList<Prediction> Mistakes =>
    [
        .. Results.Evaluation.Mistakes.Select(
            mistake => new Prediction(mistake.Image, mistake.TrueClass, mistake.PredictedClass, mistake.Probability)),
    ];

    private IReadOnlyList<Prediction> Shown => At is not { } at ? Mistakes :
    [
        .. (_all.Answer ?? Mistakes)
            .Where(one => one.TrueClass == Results.Classes[at.Truth] && one.Predicted == Results.Classes[at.Said])
            .OrderByDescending(one => one.Probability),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _all.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _mayChange = await Rights.MayTrainAsync(_gone.Token);
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_seen == Cell)
        {
            return;
        }

        (_seen, _one) = (Cell, null);
        if (At is { } at && _all.Answer is null && NeedsAll(at))
        {
            await LoadAllAsync();
        }
    }

    private static string Share(double? share) => share is { } known ? Words.Percent(known) : "–";

    /// <summary>The evaluation keeps its worst mistakes only, and nothing that was right.</summary>
    private bool NeedsAll((int Truth, int Said) at) =>
        Results.Evaluation.Confusion[at.Truth][at.Said] > Mistakes.Count(
            one => one.TrueClass == Results.Classes[at.Truth] && one.Predicted == Results.Classes[at.Said]);

    private Task LoadAllAsync() => _all.AskAsync(cancel => AllPredictions.ReadAsync(Client, Results, cancel));

    /// <summary>The same request, on the data set as it is now.</summary>
    private async Task TrainAgainAsync()
    {
        (_isStarting, _failure) = (true, null);
        try
        {
            var run = await Client.TrainJsonAsync(SameAgain.Of(Results.Run), cancellationToken: _gone.Token);
            Navigation.NavigateTo(Addresses.Run(run.Id));
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            (_isStarting, _failure) = (false, failure);
        }
    }
}
