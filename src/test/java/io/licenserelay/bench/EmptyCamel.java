package io.licenserelay.bench;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** The floor of a start: Camel's own main class with one Quartz route. It stops as soon as it is ready. */
final class EmptyCamel {
    private EmptyCamel() {}

    public static void main(String[] arguments) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("quartz://floor?cron=0+0+2+*+*+?").log("floor");
            }
        });
        main.start();
        System.err.println("ready: floor");
        main.stop();
    }
}
