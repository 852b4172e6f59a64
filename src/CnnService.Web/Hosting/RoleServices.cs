using CnnService.Engines;

namespace CnnService.Web.Hosting;

/// <summary>Registers the roles of this process.</summary>
internal static class RoleServices
{
    public static RoleOptions AddRoles(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RoleOptions>().BindConfiguration(RoleOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var roles = builder.Configuration.GetSection(RoleOptions.Section).Get<RoleOptions>() ?? new RoleOptions();
        builder.Services.AddSingleton(roles);
        builder.Services.AddGpuDivision(serves: roles.IsApi, trains: roles.IsWorker);
        builder.Services.AddHostedService<Draining>().AddHostedService<NativeMemoryTrim>();
        if (roles.IsApi)
        {
            builder.Services.AddHostedService<ServingDeviceProbe>();
        }

        return roles;
    }
}
