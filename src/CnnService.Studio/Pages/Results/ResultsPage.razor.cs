using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Results;

public sealed partial class ResultsPage : IDisposable
{
    private static readonly (string Key, string Name)[] Views =
        [("errors", "Mistakes"), ("sure", "Confidence"), ("compare", "Compare versions")];

    private readonly Asked<IReadOnlyList<RunResource>> _runs;

    private readonly Asked<RunResults> _results;

    private string? _loaded;

    public ResultsPage() => (_runs, _results) = (new(StateHasChanged), new(StateHasChanged));

    /// <summary>A run's id; null: the newest that has results.</summary>
    [Parameter]
    public string? Run { get; set; }

    /// <summary>What is told: <c>errors</c>, <c>sure</c> or <c>compare</c>.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    /// <summary>A cell of the confusion matrix: <c>true,predicted</c> by the classes' numbers.</summary>
    [SupplyParameterFromQuery(Name = "cell")]
    public string? Cell { get; set; }

    /// <summary>A version to compare with, as <c>name:version</c>.</summary>
    [SupplyParameterFromQuery(Name = "with")]
    public string? With { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    private string Current => Views.Any(view => view.Key == View) ? View! : Views[0].Key;

    private RunResource? Chosen => Run is null ? Newest : _runs.Answer?.FirstOrDefault(run => run.Id == Run);

    private RunResource? Newest => _runs.Answer is [var first, ..] ? first : null;

    private IReadOnlyList<string> Others => [.. _runs.Answer!.Where(run => run.Id != Chosen!.Id).Select(NameOf).Distinct()];

    /// <inheritdoc/>
    public void Dispose()
    {
        _runs.Dispose();
        _results.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadRunsAsync();

    protected override Task OnParametersSetAsync() => LoadResultsOfAddressAsync();

    private static string NameOf(RunResource run) => string.Create(CultureInfo.InvariantCulture, $"{run.Model}:{run.Version}");

    private async Task LoadRunsAsync()
    {
        await _runs.AskAsync(async cancel =>
            [
                .. (await Client.ListRunsAsync(limit: 200, cancellationToken: cancel)).Items
                    .Where(run => run.State == WorkState.Succeeded && run.Version is not null),
            ]);
        await LoadResultsOfAddressAsync();
    }

    private Task LoadResultsOfAddressAsync()
    {
        if (Chosen is null || _loaded == Chosen.Id)
        {
            return Task.CompletedTask;
        }

        _loaded = Chosen.Id;
        return LoadResultsAsync();
    }

    private Task LoadResultsAsync() => _results.AskAsync(cancel => RunResults.ReadAsync(Client, Chosen!, cancel));

    private string To(string view, string? with = null, string? cell = null)
    {
        var query = string.Concat(new[] { ("cell", cell), ("with", with) }
            .Where(one => one.Item2 is not null)
            .Select(one => $"&{one.Item1}={Uri.EscapeDataString(one.Item2!)}"));
        return $"{Addresses.ResultsOf(Chosen!.Id)}?view={view}{query}";
    }
}
