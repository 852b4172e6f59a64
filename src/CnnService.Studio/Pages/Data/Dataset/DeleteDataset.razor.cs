using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>Deletes the data set and leads to the others; shows nothing to those who may not.</summary>
public sealed partial class DeleteDataset
{
    private Exception? _failure;
    private bool _mayTrain;
    private bool _isDeleting;

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public string Dataset { get; set; } = string.Empty;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal Rights Rights { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync() =>
        await TryAsync(async () => _mayTrain = await Rights.MayTrainAsync(CancellationToken.None));

    private async Task DeleteAsync()
    {
        _isDeleting = true;
        if (await TryAsync(() => Client.DeleteDatasetAsync(Dataset)))
        {
            Navigation.NavigateTo(Addresses.Data, replace: true);
        }

        _isDeleting = false;
    }

    private async Task<bool> TryAsync(Func<Task> act)
    {
        _failure = null;
        try
        {
            await act();
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }

        return _failure is null;
    }
}
