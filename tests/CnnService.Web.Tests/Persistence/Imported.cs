using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Persistence;

/// <summary>An import that a worker has carried out.</summary>
internal static class Imported
{
    /// <summary>Makes a data set that is to be imported ready.</summary>
    public static async Task ImportedAsync(this IServiceProvider services, string name)
    {
        var leases = services.GetRequiredService<LeaseStore<DatasetRow>>();
        var claim = (await leases.ClaimAsync(name, "test", TimeSpan.FromSeconds(30), CancellationToken.None))!;
        Assert.True(await leases.SucceedAsync(claim, _ => Task.CompletedTask, CancellationToken.None));
    }
}
