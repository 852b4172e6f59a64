using CnnService.Engines;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>Registers the roles of this process.</summary>
internal static class RoleServices
{
    public static RoleOptions AddRoles(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RoleOptions>().BindConfiguration(RoleOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var roles = builder.Configuration.GetSection(RoleOptions.Section).Get<RoleOptions>() ?? new RoleOptions();
        builder.Services.AddSingleton(roles).AddSingleton<ExitCode>();
        builder.Services.AddOptions<HostOptions>().PostConfigure<IOptions<RoleOptions>>((host, role) =>
            host.ShutdownTimeout += role.Value.DrainTime);
        builder.Services.AddGpuDivision(serves: roles.IsApi, trains: roles.IsWorker);
        builder.Services.AddSingleton<Draining>().AddHostedService(services => services.GetRequiredService<Draining>())
            .AddHostedService<NativeMemoryTrim>();
        if (roles.IsApi)
        {
            builder.Services.AddHostedService<ServingDeviceProbe>();
        }

        return roles;
    }
}
