using CnnService.Web.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CnnService.Web.Tests;

/// <summary>A service whose queue nobody works off, so that runs stay as a test put them.</summary>
internal static class WithoutWorker
{
    public static void Remove(IServiceCollection services)
    {
        foreach (var worker in services.Where(service => service.ServiceType == typeof(IHostedService) && IsWorker(service)).ToList())
        {
            services.Remove(worker);
        }
    }

    private static bool IsWorker(ServiceDescriptor service) =>
        service.ImplementationType == typeof(LeaseRecovery)
        || service.ImplementationFactory?.Method.Module.Assembly.GetName().Name?.StartsWith("Hangfire", StringComparison.Ordinal) == true;
}
