using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Runs.New;

/// <summary>Starts a run: a recipe with its time on this machine, and everything that a request can say, folded away.</summary>
public sealed partial class NewRunPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private IReadOnlyList<DatasetResource>? _datasets;
    private IReadOnlyList<RecipeResource>? _recipes;
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private RecipeResource? _chosen;
    private readonly JsonObject _request = [];
    private Exception? _failure;
    private string? _shown;
    private bool _isLoaded;
    private bool _isStarting;
    private bool _fields;

    /// <summary>The data set; null: to be chosen.</summary>
    [Parameter]
    public string? Dataset { get; set; }

    /// <summary>The data set of an address such as <c>runs/new?dataset=pets</c>; leads to the data set's own address.</summary>
    [SupplyParameterFromQuery(Name = "dataset")]
    public string? DatasetOfQuery { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>What is sent: the recipe by its name, and what was set beside it.</summary>
    private JsonObject Body
    {
        get
        {
            var body = new JsonObject { ["dataset"] = Dataset, ["recipe"] = _chosen?.Name };
            foreach (var (name, value) in _request)
            {
                body[name] = value?.DeepClone();
            }

            return body;
        }
    }

    private string Json => Body.ToJsonString(Indented);

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (Dataset is null && !string.IsNullOrEmpty(DatasetOfQuery))
        {
            Navigation.NavigateTo(Addresses.TrainOn(DatasetOfQuery), replace: true);
            return Task.CompletedTask;
        }

        if (_isLoaded && _shown == Dataset)
        {
            return Task.CompletedTask;
        }

        (_isLoaded, _shown) = (true, Dataset);
        return LoadAsync();
    }

    private string CSharpOf(RecipeResource recipe) =>
        $"var run = await client.TrainAsync(new TrainRequest {{ Dataset = \"{Dataset}\", Recipe = \"{recipe.Name}\" }});\n"
        + "run = await client.WaitForRunAsync(run.Id);";

    private void Choose(RecipeResource recipe) => _chosen = recipe;

    private Task LoadAsync() => TryAsync(async () =>
    {
        if (Dataset is null)
        {
            _datasets = [.. (await Client.ListDatasetsAsync()).Items.Where(dataset => dataset.Status == DatasetStatus.Ready)];
            return;
        }

        var recipes = (await Client.ListRecipesAsync(Dataset)).Items;
        _recipes = [.. recipes.OrderBy(RecipeWords.Place)];
        _chosen = _recipes.FirstOrDefault(recipe => recipe.Seconds is not null);
    });

    private Task TrainAsync() => TryAsync(async () =>
    {
        var run = await Client.TrainJsonAsync(JsonSerializer.SerializeToElement(Body));
        Navigation.NavigateTo(Addresses.Run(run.Id));
    });

    private async Task TryAsync(Func<Task> act)
    {
        (_failure, _isStarting, _fields) = (null, true, false);
        _errors = new Dictionary<string, IReadOnlyList<string>>();
        try
        {
            await act();
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
            _errors = (failure as CnnServiceException)?.Errors ?? _errors;
            _fields = _errors.Count > 0;
        }
        finally
        {
            _isStarting = false;
        }
    }
}
