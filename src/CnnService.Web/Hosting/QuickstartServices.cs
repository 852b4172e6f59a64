namespace CnnService.Web.Hosting;

/// <summary>Registers the quickstart if the command line asks for it.</summary>
internal static class QuickstartServices
{
    public static void AddQuickstart(this IServiceCollection services, string[] args)
    {
        if (args.Contains(Quickstart.Verb))
        {
            services.AddHttpClient();
            services.AddSingleton(Console.Out);
            services.AddHostedService<Quickstart>();
        }
    }
}
