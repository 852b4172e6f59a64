using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Home;

/// <summary>The newest runs, and data sets that nothing was trained on.</summary>
public sealed partial class RecentWork
{
    private const int Shown = 5;

    private IReadOnlyList<RunResource>? _runs;
    private IReadOnlyList<DatasetResource> _datasets = [];
    private Exception? _failure;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            var runs = await Client.ListRunsAsync(limit: Shown);
            var datasets = await Client.ListDatasetsAsync();
            _datasets = [.. datasets.Items.Where(dataset => runs.Items.All(run => run.Dataset != dataset.Name))
                .OrderByDescending(dataset => dataset.CreatedAt).Take(Shown)];
            _runs = runs.Items;
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }
}
