using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>What may spoil a training on a data set. Says nothing while it is being looked for, and where nothing is wrong.</summary>
public sealed partial class HealthNotice
{
    private HealthResource? _health;
    private Exception? _failure;
    private (string, int?)? _asked;

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public string Dataset { get; set; } = string.Empty;

    /// <summary>Its revision; a change looks again.</summary>
    [Parameter]
    public int? Revision { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

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

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            _health = await Client.GetDatasetHealthAsync(Dataset);
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure is CnnServiceException { StatusCode: 202 } ? null : failure; // It is still being looked for.
        }
    }
}
